"""A board as `lint` judges it: a value, which is kept between runs for our boards."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dashboards_py.cli._promtool import with_promtool_verdicts
from dashboards_py.findings.of_panel import Excused, Finding

if TYPE_CHECKING:
    from dashboards_py.board import Board
    from dashboards_py.lint import Settings
    from dashboards_py.lint._run import Excuses
    from dashboards_py.release import Release


@dataclass(frozen=True, slots=True)
class SourceBoard:
    """A board to check: `file` is its file, "" for one of ours (only these have excuses)."""

    file: str
    board: "Board"
    excuses: "Excuses | None" = None


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedBoard:
    """What rules find on a board: `number` is its place among those of the run, `name` its file or uid.

    `file` is as in SourceBoard; `notes` are warnings about its form; `unread` are the places of queries that no rule
    reads, with the reason; `renamed_rules` are old ids of rules in its excuses, each with the new one.
    """

    number: int
    file: str
    name: str
    panels: int
    library_panels: int
    notes: tuple[str, ...]
    unread: tuple[tuple[str, str], ...]
    renamed_rules: tuple[tuple[str, str], ...]
    findings: tuple[Finding, ...]
    excused: tuple[Excused, ...]
    is_ours: bool


def judge(
    sources: Iterable[SourceBoard], release: "Release", settings: "Settings", *, house_rules: bool
) -> Iterator[JudgedBoard]:
    """Judge boards one at a time, as a directory may hold thousands."""
    from dashboards_py.lint import current_id, lint, unread_queries

    for number, source, own_settings in with_promtool_verdicts(sources, lambda source: source.board, settings):
        board, is_ours = source.board, source.excuses is not None
        everything = house_rules or is_ours
        excusable = dict.fromkeys(rule for rules in (source.excuses or {}).values() for rule in rules)
        findings, excused = lint(board, release, source.excuses, house_rules=everything, settings=own_settings)
        yield JudgedBoard(
            number=number,
            file=source.file,
            name=source.file or board.uid,
            panels=len(board.panels),
            library_panels=sum(bool(panel.library) for panel in board.panels),
            notes=board.notes,
            unread=unread_queries(board, own_settings),
            renamed_rules=tuple((rule, current_id(rule)) for rule in excusable if rule != current_id(rule)),
            findings=tuple(findings),
            excused=tuple(excused),
            is_ours=is_ours,
        )


def judged_board(values: Mapping[str, Any]) -> JudgedBoard:
    """A judged board from its fields in JSON, which has lists for tuples."""
    return JudgedBoard(
        **{
            **values,
            "notes": tuple(values["notes"]),
            "unread": tuple((where, why) for where, why in values["unread"]),
            "renamed_rules": tuple((old, new) for old, new in values["renamed_rules"]),
            "findings": tuple(Finding(**finding) for finding in values["findings"]),
            "excused": tuple(Excused(Finding(**one["finding"]), one["why"]) for one in values["excused"]),
        }
    )
