"""What a transformation is: the Protocol of the modules of this package."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

from dashboards_py.panel_data.frame import Frame
from dashboards_py.plugins import Plugins

Json = Mapping[str, Any]
Frames = tuple[Frame, ...]


class NotApplied(Exception):
    """A transformation that is left out: its options are refused, or are not supported; the text says why."""


class Transformation(Protocol):
    """A module of this package."""

    def transform(self, frames: Frames, options: Json) -> Frames:
        """The frames, transformed by options in Grafana's JSON; NotApplied where that cannot be done."""
        ...


TRANSFORMATIONS: Plugins[Transformation] = Plugins(__package__, [str(Path(__file__).parent)], (Transformation,))
