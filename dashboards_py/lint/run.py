"""Running the rules: found by their files' names, each with the queries of a board or the board itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from inspect import cleandoc
from pathlib import Path

from dashboards_py.board import Board
from dashboards_py.catalog import Release
from dashboards_py.errors import DashboardsError
from dashboards_py.lint.settings import Settings
from dashboards_py.queries import board_queries

HERE = Path(__file__).parent
NO_RULES = {"__init__", "run", "asked", "measure", "settings", "units"}


@dataclass(frozen=True, slots=True)
class Finding:
    """A fault: the rule that found it and what is wrong. `panel` is the panel's title, "" for the board itself."""

    board: str
    panel: str
    rule: str
    what: str


@dataclass(frozen=True, slots=True)
class Excused:
    """A finding that the board's author excused, with the reason."""

    finding: Finding
    why: str


# By panel id: by rule, why the finding is none.
Excuses = Mapping[int, Mapping[str, str]]


def names() -> tuple[str, ...]:
    """The rules' names, sorted."""
    return tuple(sorted(file.stem.replace("_", "-") for file in HERE.glob("*.py") if file.stem not in NO_RULES))


def explained(rule: str) -> str:
    """The manual page of a rule; an unknown one raises DashboardsError naming those there are."""
    if rule not in names():
        raise DashboardsError(f"rule {rule}", cause="there is none of this name", fix=f"known: {', '.join(names())}")
    return cleandoc(_module(rule).__doc__ or "")


def lint(
    board: Board,
    release: Release,
    excuses: Excuses | None = None,
    *,
    ours: bool = True,
    settings: Settings | None = None,
) -> tuple[list[Finding], list[Excused]]:
    """What the rules find on the board for a release of Cilium, and what of it the author excused.

    Rules of our own taste (FOR_OURS) are left out for boards that are not `ours`.
    """
    found: dict[Finding, None] = {}  # each once, in order
    excused: list[Excused] = []
    for rule in names():
        module = _module(rule)
        if not ours and getattr(module, "FOR_OURS", False):
            continue
        more = (settings or Settings(),) if getattr(module, "WITH_SETTINGS", False) else ()
        for panel, what in module.check(board, release, *more):
            finding = Finding(board.uid or board.title, panel.title if panel else "", rule, what)
            why = (excuses or {}).get(panel.id, {}).get(rule) if panel else None
            if why:
                excused.append(Excused(finding, why))
            else:
                found[finding] = None
    order = {panel.title: place for place, panel in enumerate(board.panels)} | {"": -1}
    return sorted(found, key=lambda each: (order.get(each.panel, len(order)), each.rule)), excused


def unread(board: Board, settings: Settings | None = None) -> tuple[tuple[str, str], ...]:
    """Queries that no rule looks at and of which nobody says that they are wrong: where they are, and why."""
    found = ((query.where, (settings or Settings()).unread(query.expr)) for query in board_queries(board))
    return tuple(dict.fromkeys((where, why) for where, why in found if why))


def _module(rule: str):  # type: ignore[no-untyped-def]  # a module with `check(board, release)`
    return import_module(f"{__package__}.{rule.replace('-', '_')}")
