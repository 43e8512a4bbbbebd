"""Faults that tests inject."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass
class Fault:
    """A failure of the next `times` requests whose `METHOD path` begins with `at`, after `after` that succeed."""

    at: str
    status: int = 500
    body: str = '{"message": "it went wrong"}'
    kind: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)
    wait: float = 0
    drop: bool = False  # close the connection instead of answering
    late: bool = False  # execute the request first
    times: int = 1
    after: int = 0
