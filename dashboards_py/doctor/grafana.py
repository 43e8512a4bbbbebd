"""What was read of a Grafana, as values."""

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


@dataclass(frozen=True, slots=True)
class DataSource:
    """A data source of Grafana. `agents` is how many agents of Cilium it has metrics of, None if it does not answer.

    `identity` is the start time of the server behind it, "" if it does not tell.
    """

    uid: str
    name: str
    type: str
    is_default: bool = False
    agents: int | None = None
    identity: str = ""
    failure: str = ""


@dataclass(frozen=True, slots=True)
class Grafana:
    """What was read of a Grafana: its address, the boards, and its data sources (None: they may not be read)."""

    address: str
    boards: tuple[DeployedBoard, ...] = ()
    sources: tuple[DataSource, ...] | None = None
