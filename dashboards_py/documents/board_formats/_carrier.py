"""A dashboard in a document."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class BoardSource:
    """A dashboard at a `path` of a document (kind and name): as a text, or as an object.

    `why` is the reason why it cannot be read, or "". With `config_map` (name and key) it is in that ConfigMap.
    `inputs` are data sources by the name of the input of an export that they fill. If it is not certain that it is a
    dashboard, only its content tells.
    """

    document: str
    path: str
    text: str | None = None
    value: Mapping[str, Any] | None = None
    why: str = ""
    config_map: tuple[str, str] | None = None
    inputs: Mapping[str, str] = field(default_factory=dict)
    is_certain: bool = True
