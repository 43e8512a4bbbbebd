"""Is the board in Grafana the one that should be there, panel by panel, and does it ask the right data source?"""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from dashboards_py.board import Board, Panel, read
from dashboards_py.board.deployed import DeployedBoard
from dashboards_py.doctor.conditions._condition import finding
from dashboards_py.doctor.data_sources import source_findings
from dashboards_py.doctor.grafana import Grafana
from dashboards_py.documents.value import with_plain_numbers
from dashboards_py.errors import Fix, Remedy, Word, by_kind
from dashboards_py.findings import Finding, Location
from dashboards_py.plural import counted
from dashboards_py.release import Release
from dashboards_py.remedies import DEPLOY_TO_GRAFANA, OVERWRITE_IN_GRAFANA

IGNORED = ("id", "version", "ciliumDashboards")  # keys of a board that Grafana or a deployment sets
PANELS = ("panels", "rows")


def deployed_findings(
    grafana: Grafana,
    expected: Iterable[Board],
    release: Release,
    identity: str = "",
    *,
    own: Collection[str] = (),
    word: Word = by_kind,
) -> tuple[Finding, ...]:
    """What is not as it should be of boards for a release; `word` puts fixes into words.

    `own` are the uids of those that a deployment has, and not a file of others. `identity` is the start time of the
    Prometheus that was asked, "" if unknown.
    """
    by_uid = {board.uid: board for board in grafana.boards}
    pairs = [(board, by_uid[board.uid]) for board in expected if board.uid in by_uid]
    live = {deployed.uid: read(dict(deployed.raw)) for _, deployed in pairs if deployed.raw is not None}
    deploy = Remedy(DEPLOY_TO_GRAFANA, {"cilium": str(release)})
    of_boards = (
        *_missing(grafana, pairs, word(deploy)),
        *_changed(pairs, live, deploy, own, word),
        *_libraries(live),
        *_stored(pairs),
    )
    return (*of_boards, *source_findings(grafana, live, identity))


Pairs = Sequence[tuple[Board, DeployedBoard]]
Live = Mapping[str, Board]  # the boards of Grafana by uid, without those that are not there


def _missing(grafana: Grafana, pairs: Pairs, deploy: str) -> Iterator[Finding]:
    if missing := [board for board, live in pairs if live.raw is None]:
        fix = f"{deploy}, or check that this user may see their folder and that ?orgId= names the organization"
        what = f"{_boards(len(missing))} not in Grafana at {grafana.address}"
        yield finding("undeployed-board", what, "", fix, [Location(board.uid) for board in missing])


def _changed(pairs: Pairs, read_boards: Live, deploy: Remedy, own: Collection[str], word: Word) -> Iterator[Finding]:
    """Boards that differ, those that someone edited apart from those of an earlier deployment or another origin."""
    for cause, verb in (("edited-board", "were edited in Grafana"), ("older-board", "are from another version")):
        whys, locations, uids = [], [], []
        for board, live in pairs:
            if live.raw is None or cause != _why_different(live) or _same(board.raw, live.raw):
                continue
            lines, titles = _differences(board, live.raw, read_boards[live.uid].panels)
            origin = live.file and f" (from {live.file})"
            whys.append(f"{board.uid}{origin}, saved {live.saved or 'at an unknown time'}: {'; '.join(lines)}")
            locations += [Location(board.uid, title) for title in titles] or [Location(board.uid)]
            uids.append(board.uid)
        if uids:
            fix: Fix = deploy, "; a board that comes from a file is changed where the file is"
            if cause == "edited-board":
                fix = _overwriting(uids, deploy, own)
            yield finding(cause, _boards(len(uids), verb), "\n".join(whys), word(fix), locations)


def _overwriting(uids: Sequence[str], deploy: Remedy, own: Collection[str]) -> Fix:
    """How to replace these boards in Grafana, and no others; a deployment has our own alone."""
    deployed, imported = [uid for uid in uids if uid in own], [uid for uid in uids if uid not in own]
    overwrite = Remedy(OVERWRITE_IN_GRAFANA, {**deploy.about, "uids": " ".join(deployed)})
    parts: tuple[Fix, ...] = (
        *((": ", overwrite) if deployed else ()),
        *((f"{'; and' if deployed else ''} import {', '.join(imported)} again",) if imported else ()),
    )
    return ("save a copy of what you need, then", *parts)


def _why_different(live: DeployedBoard) -> str:
    return "older-board" if live.is_ours or live.file else "edited-board"


def _same(expected: Mapping[str, Any], raw: Mapping[str, Any]) -> bool:
    return _text(_content(expected)) == _text(_content(raw))


def _content(raw: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in raw.items() if key not in IGNORED}


def _differences(expected: Board, raw: Mapping[str, Any], panels: Iterable[Panel]) -> tuple[list[str], list[str]]:
    """Sentences on what differs, and the titles of the panels that do; `panels` are those of `raw`."""
    before, after = _by_key(expected.panels), _by_key(panels)
    changed = {
        before[key].title: keys
        for key in before.keys() & after.keys()
        if (keys := _keys(before[key].raw, after[key].raw))
    }
    removed = [before[key].title for key in before if key not in after]
    added = [after[key].title for key in after if key not in before]
    settings = [key for key in _keys(_content(expected.raw), _content(raw)) if key not in PANELS]
    lines = [f"changed {title!r} ({', '.join(keys)})" for title, keys in sorted(changed.items())]
    lines += [f"removed {title!r}" for title in removed] + [f"added {title!r}" for title in added]
    lines += [f"changed {', '.join(settings)} of the board"] if settings else []
    if not lines:
        lines = ["its rows or the order of its panels differ"]
    return lines, [*sorted(changed), *removed, *added]


def _by_key(panels: Iterable[Panel]) -> dict[str, Panel]:
    """Panels by id; ids follow from titles in ours, and Grafana's editor keeps them."""
    return {str(panel.id) if panel.id is not None else f"{panel.title} {panel.type}": panel for panel in panels}


def _keys(one: Mapping[str, Any], other: Mapping[str, Any]) -> list[str]:
    return sorted(key for key in {*one, *other} - {"panels"} if _text(one.get(key)) != _text(other.get(key)))


def _text(value: Any) -> str:
    """Canonical JSON; 1.0 is 1, as Grafana writes it."""
    return json.dumps(with_plain_numbers(value), sort_keys=True)


def _libraries(live: Live) -> Iterator[Finding]:
    locations = [
        Location(uid, panel.title or panel.library)
        for uid, board in live.items()
        for panel in board.panels
        if panel.library or "libraryPanel" in panel.raw
    ]
    if locations:
        what = "panels are library panels, whose queries are not in the board"
        fix = "unlink them, or look at the library panel: it may be another version"
        yield finding("library-panel", what, "", fix, locations)


def _stored(pairs: Pairs) -> Iterator[Finding]:
    stored = [(board, live.stored) for board, live in pairs if live.stored.startswith("v2")]
    if stored:
        what = f"{_boards(len(stored), 'are stored in schema v2')}"
        why = "Grafana 13 does so, and 12 after a save in its new editor; files and the sidecar take classic JSON only"
        fix = "nothing to do where Grafana 13 runs; deploy again to go back in 12"
        yield finding("board-in-schema-v2", what, why, fix, [Location(board.uid) for board, _ in stored])


def _boards(count: int, verb: str = "are") -> str:
    of_one = verb.replace("were ", "was ", 1).replace("are ", "is ", 1) if " " in verb else "is"
    return counted(count, f"board {of_one}", f"boards {verb}")
