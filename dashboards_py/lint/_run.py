"""Running the rules: found by their files' names, each with the queries of a board or the board itself."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from inspect import cleandoc

from dashboards_py.board import Board, Panel
from dashboards_py.catalog import Release
from dashboards_py.errors import DashboardsError
from dashboards_py.lint._renamed import current_id
from dashboards_py.lint._rule import RULES, Rule, RuleWithSettings
from dashboards_py.lint._settings import Settings
from dashboards_py.queries import board_queries


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
    return tuple(name.replace("_", "-") for name in RULES.names())


def explained(rule: str) -> str:
    """The manual page of a rule, by its current or old id; an unknown id raises DashboardsError with the known ones."""
    if current_id(rule) not in names():
        raise DashboardsError(f"rule {rule}", cause="there is none of this name", fix=f"known: {', '.join(names())}")
    return cleandoc(_load(current_id(rule)).__doc__ or "")


def lint(
    board: Board,
    release: Release,
    excuses: Excuses | None = None,
    *,
    ours: bool = True,
    settings: Settings | None = None,
) -> tuple[list[Finding], list[Excused]]:
    """What the rules find on the board for a release of Cilium, and what of it the author excused.

    Rules of our own taste (FOR_OURS) are left out for boards that are not `ours`. Excuses may use old ids of rules.
    """
    reasons = {
        panel_id: {current_id(rule): why for rule, why in by_rule.items()}
        for panel_id, by_rule in (excuses or {}).items()
    }
    found: dict[Finding, None] = {}  # each once, in order
    excused: list[Excused] = []
    for rule in names():
        module = _load(rule)
        if not ours and getattr(module, "FOR_OURS", False):
            continue
        for panel, what in _checked(module, board, release, settings or Settings()):
            finding = Finding(board.uid or board.title, panel.title if panel else "", rule, what)
            why = reasons.get(panel.id, {}).get(rule) if panel and panel.id is not None else None
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


def _load(rule: str) -> Rule | RuleWithSettings:
    return RULES.load(rule.replace("-", "_"))


def _checked(
    rule: Rule | RuleWithSettings, board: Board, release: Release, settings: Settings
) -> Iterator[tuple[Panel | None, str]]:
    if isinstance(rule, RuleWithSettings):
        return rule.check(board, release, settings)
    return rule.check(board, release)
