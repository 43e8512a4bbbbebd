"""A board as a Grafana has it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class DeployedBoard:
    """A board as Grafana has it. `raw` is its JSON, None if it is not there, or may not be seen.

    `saved` is by whom and when, as text. `file` is where it is provisioned from, "" if it is not. `is_ours`: it is as
    one of our deployments left it, not edited since. `stored` is the schema that Grafana keeps it in, "" if unknown.
    """

    uid: str
    raw: Mapping[str, Any] | None = None
    saved: str = ""
    file: str = ""
    is_ours: bool = False
    stored: str = ""
