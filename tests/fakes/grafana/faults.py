"""Faults that tests inject."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass
class Fault:
    """What goes wrong with requests whose `METHOD path` begins with `at`, for the next `times` of them."""

    at: str
    status: int = 500
    body: str = '{"message": "it went wrong"}'
    kind: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)
    wait: float = 0
    drop: bool = False  # close the connection instead of an answer
    late: bool = False  # carry the request out first
    times: int = 1
