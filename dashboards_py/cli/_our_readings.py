"""What our boards and alerts need, read and do wrong: from the user's cache if nothing changed that it comes from."""

import os
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from dashboards_py.cli._our_boards import cache_directory, our_boards

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from dashboards_py.board import Board
    from dashboards_py.cli._judged_board import JudgedBoard
    from dashboards_py.configuration import Configuration
    from dashboards_py.need import Need
    from dashboards_py.release import Release
    from dashboards_py.upstream.answers import PanelFacts
    from dashboards_py.values.keep import Read

# What the readings come from, in addition to the sources of boards and alerts.
THIS = "cli/_our_readings.py"
OF_NEEDS = (THIS,)
OF_SERIES = ("kubernetes", "tree", "values", THIS)
OF_FACTS = ("upstream", THIS)
OF_FINDINGS = ("lint", "panel_data", "cli/lint.py", "cli/_judged_board.py", "cli/_promtool.py", THIS)


def our_needs(release: "Release", configuration: "Configuration") -> "Sequence[Need]":
    """What our boards need of a release."""
    from dashboards_py.board_cache import Origin, kept
    from dashboards_py.catalog import entries
    from dashboards_py.need import Need

    def parse(rows: Any) -> "Sequence[Need]":
        return tuple(
            Need(board, panel, entries(metric)[index], frozenset(labels))
            for board, panel, metric, index, labels in rows
        )

    def as_json(needs: "Sequence[Need]") -> object:
        return [
            (
                need.board,
                need.panel,
                need.metric.name,
                entries(need.metric.name).index(need.metric),
                sorted(need.labels),
            )
            for need in needs
        ]

    def work() -> "Sequence[Need]":
        from dashboards_py.needs import needs_of

        return needs_of(_read_all(release, configuration), release)

    origin = Origin(release, configuration, OF_NEEDS)
    return kept("needs", origin, cache_directory(), work=work, as_json=as_json, parse=parse)


def read_by_ours(release: "Release", configuration: "Configuration") -> "list[Board]":
    """Our boards, and our alerts as one, also those whose panels a house leaves out."""
    from dashboards_py.cli._rule_files import our_alerts

    return [*_read_all(release, configuration), our_alerts(release, configuration, with_panel=False)]


def our_series(release: "Release", configuration: "Configuration", *, upstream: bool) -> "Read":
    """The series that our boards and alerts read; with `upstream` also those of upstream's boards."""
    from dashboards_py.board_cache import Origin, kept
    from dashboards_py.values.keep import Read, Selected

    def parse(values: Any) -> Read:
        names = {
            component: {series: tuple(panels) for series, panels in own.items()}
            for component, own in values["names"].items()
        }
        selected = {
            component: tuple(Selected(one["series"], one["panel"], tuple(map(tuple, one["matchers"]))) for one in own)
            for component, own in values["selected"].items()
        }
        return Read(names, tuple((where, why) for where, why in values["unknown"]), selected)

    def work() -> Read:
        from dashboards_py.values.series_read import series_read

        return series_read(read_by_ours(release, configuration), release, upstream=upstream)

    origin = Origin(release, configuration, OF_SERIES, (upstream,))
    return kept("series", origin, cache_directory(), work=work, as_json=asdict, parse=parse)


def our_panel_facts(release: "Release", configuration: "Configuration") -> "Sequence[PanelFacts]":
    """What can be compared of our panels with those of upstream."""
    from dashboards_py.board_cache import Origin, kept

    def as_json(panels: "Sequence[PanelFacts]") -> object:
        return [(panel.uid, panel.title, sorted(panel.metrics), sorted(panel.labels)) for panel in panels]

    def parse(rows: Any) -> "Sequence[PanelFacts]":
        from dashboards_py.upstream.answers import PanelFacts

        return tuple(
            PanelFacts(uid, title, frozenset(metrics), frozenset(labels)) for uid, title, metrics, labels in rows
        )

    def work() -> "Sequence[PanelFacts]":
        from dashboards_py.upstream.answers import facts

        return facts(_read_all(release, configuration))

    origin = Origin(release, configuration, OF_FACTS)
    return kept("facts", origin, cache_directory(), work=work, as_json=as_json, parse=parse)


def our_judged_boards(
    release: "Release", configuration: "Configuration", work: "Callable[[], Sequence[JudgedBoard]]"
) -> "Sequence[JudgedBoard]":
    """All of our boards as lint judges them, which is the `work`; promtool may have a say in it."""
    from shutil import which

    from dashboards_py.board_cache import Origin, kept
    from dashboards_py.cli._judged_board import judged_board

    promtool = which("promtool")
    status = os.stat(promtool) if promtool else None
    depends = (promtool, status and (status.st_mtime_ns, status.st_size))
    return kept(
        "judged",
        Origin(release, configuration, OF_FINDINGS, depends),
        cache_directory(),
        work=work,
        as_json=lambda boards: [asdict(board) for board in boards],
        parse=lambda rows: tuple(map(judged_board, rows)),
    )


def _read_all(release: "Release", configuration: "Configuration") -> "list[Board]":
    from dashboards_py.board import read

    return [read(board.json) for board in our_boards(release, configuration)]
