"""A compiled board: its JSON text, and data that is not part of it. Needs no compiler."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Omission:
    """A query that the compiler omitted on a release. `expr` is None if the panel itself was omitted."""

    board: str
    row: str
    panel: str
    expr: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class Compiled:
    """A board compiled for one release.

    `excuses` are the author's reasons for panels that break a rule of lint, by panel id and rule.
    """

    uid: str
    title: str
    folder: str
    json: str
    replaces: tuple[int, ...]
    omissions: tuple[Omission, ...]
    excuses: Mapping[int, Mapping[str, str]] = field(default_factory=dict)
