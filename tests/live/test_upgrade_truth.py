"""`upgrade` names exactly the panels that go empty, in a real Prometheus over the synthetic cluster of each release.

The clusters have every feature, every metric and every Hubble handler, so that what a panel lacks after the upgrade is
what the release lacks.
"""

from collections.abc import Callable, Mapping
from functools import cache
from itertools import permutations

import pytest

from dashboards_py.board import Board, Panel, Query, Row, read
from dashboards_py.catalog import RELEASES, Release
from dashboards_py.compile import compile_boards
from dashboards_py.upgrade.boards import board_changes
from dashboards_py.upgrade.change import Effect, Kind, Step
from tests.components import path_of, require
from tests.live.cluster import END, full_cluster, history, metrics
from tests.live.expected_empty import EXPECTED_EMPTY
from tests.live.opened import chosen
from tests.live.panel_queries import instant_query, interpolated
from tests.live.processes import prometheus
from tests.live.test_lint_truth import CONTEXTS

FOLDERS = {"1.17": "cilium-1.17.18", "1.20": "cilium-1.20.0"}
PAIRS = [Step(*pair) for pair in permutations(RELEASES, 2)]
Queries = Mapping[tuple[str, str, str], bool]  # by board, panel and query: whether it has an answer
Answers = Callable[[Release], Queries]


@pytest.fixture(scope="module")
def boards() -> Mapping[str, Board]:
    """Upstream's boards of two charts, ours as compiled for each release, and boards with faults of our own making."""
    require("upstream-boards")
    read_boards = {
        f"{release} {path.stem}": read(path.read_bytes(), path.name)
        for release, folder in FOLDERS.items()
        for path in sorted((path_of("upstream-boards") / folder).glob("*.json"))
    }
    own = {f"ours {release} {board.uid}": read(board.json) for release in RELEASES for board in compile_boards(release)}
    return {**read_boards, **own, "written": read_written()}


def read_written() -> Board:
    """A board of queries whose results depend on more than one selector."""
    panels = tuple(
        Panel(
            number, title, "timeseries", queries=tuple(Query(chr(65 + index), expr) for index, expr in enumerate(exprs))
        )
        for number, (title, exprs) in enumerate({**WRITTEN, **NOT_TOLD}.items())
    )
    return Board("written", "Written", rows=(Row("", False, panels),))


REMOVED, NEW, BOTH = "cilium_operator_ipam_ips", "cilium_endpoint_component_status", "cilium_version"
WRITTEN = {
    "one of two is left": (f"sum({REMOVED})", f"count({BOTH})"),
    "both go": (f"sum({REMOVED})", "sum(rate(cilium_services_events_total[5m]))"),
    "old or new": (f"sum({REMOVED}) or sum({NEW})",),
    "old divided": (f"sum({REMOVED}) / count({BOTH})",),
    "excluded": (f"{BOTH} unless on (pod) {REMOVED}",),
    "excluded by another": (f"{REMOVED} unless on (pod) {BOTH}",),
    "a constant": (f"sum({REMOVED}) or vector(0)",),
    "absent": (f"absent({REMOVED}) == 0 or absent({REMOVED}) or vector(0)",),
    "compared with a scalar": (f"{BOTH} <= scalar(sum({REMOVED}))",),
    "added to a scalar": (f"{BOTH} + scalar(sum({REMOVED}))",),
    "bool": (f"sum({REMOVED}) > bool 0",),
    "a value": ('sum(cilium_kubernetes_events_total{scope=~"Pod|Node"})',),
    "a value that goes": ('sum(cilium_kubernetes_events_total{scope="Pod"})',),
    "a label": ('cilium_k8s_client_rate_limiter_duration_seconds_count{method="GET"}',),
    "a label that may be anything": ('cilium_bgp_control_plane_session_state{vrouter=~".*"}',),
    "a label that must be": ('cilium_bgp_control_plane_session_state{vrouter=~".+"}',),
    "a histogram's buckets": ("sum(cilium_agent_bootstrap_seconds_bucket)",),
    "a histogram that becomes a gauge": ("sum(cilium_agent_bootstrap_seconds)",),
    "labels that no longer match": (
        "cilium_endpoint_regenerations_total > 0 and cilium_policy_regeneration_total >= 0",
    ),
    "series without a label that all have": ('cilium_policy_change_total{source=""}',),
    "excluded by the absence of another": (f"{BOTH} unless on () absent({REMOVED})",),
    "labels that are aggregated": ("sum(cilium_k8s_client_rate_limiter_duration_seconds_count) by (node) > 0",),
}
# These may have data or none, which depends on the cluster: all that `upgrade` says of them is that.
NOT_TOLD = {
    "series without a label that some may have": ('cilium_endpoint_regenerations_total{reason=""}',),
    "in the absence of a new one": (f"{BOTH} and on () absent({NEW})",),
    "excluded by a new one": (f"{BOTH} unless on () count({NEW})",),
    "excluded on a label": (f"{BOTH} unless on (pod) absent({REMOVED})",),
}


@pytest.fixture(scope="module")
def answers(boards: Mapping[str, Board], tmp_path_factory: pytest.TempPathFactory) -> Answers:
    """Which queries of all boards have an answer on a release."""
    require("prometheus")
    only = metrics(list(boards.values()))

    @cache
    def on(release: Release) -> Queries:
        data = tmp_path_factory.mktemp("release") / "data"
        hour = history(full_cluster(release, nodes=1, clusters=("east",), contexts=CONTEXTS), only, data, end=END)
        with prometheus(data) as source:
            ask = cache(lambda expr: bool(instant_query(source, expr, END)))
            return {
                (name, panel.title, query.ref): ask(interpolated(query.expr, values, seconds=30, hour=hour))
                for name, board in boards.items()
                for values in [chosen(source, board)]
                for panel, query in board.queries()
                if query.expr
            }

    return on


def has_data(answers: Queries, board: str) -> dict[str, int]:
    """How many queries of each panel of a board have an answer."""
    counts: dict[str, int] = {}
    for (name, title, _), answered in answers.items():
        if name == board:
            counts[title] = counts.get(title, 0) + answered
    return counts


def named(board: Board, step: Step) -> Callable[[Effect], set[str]]:
    """The panels that `upgrade` names with an effect."""
    changes = board_changes(board, step)
    assert not changes.unread
    panels = [one for one in changes.affected if one.kind is Kind.PANEL]
    return lambda effect: {one.name for one in panels if one.change.effect is effect}


@pytest.mark.fault("which panels an upgrade of Cilium empties is known afterwards")
@pytest.mark.parametrize("step", PAIRS, ids=str)
def test_panels_that_go_empty_are_named(boards: Mapping[str, Board], answers: Answers, step: Step) -> None:
    """Of upstream's boards, ours and others: named are exactly the panels that had data and have none, or have less.

    Ours are those compiled for the release before. Panels that a healthy cluster leaves empty cannot go empty. Of some
    queries that were written for it `upgrade` reports that it cannot tell.
    """
    before, after = answers(step.before), answers(step.after)
    empty, lost, predicted, losing = {}, {}, {}, {}
    for name, board in boards.items():
        if name.startswith("ours") and not name.startswith(f"ours {step.before}"):
            continue
        had, have = has_data(before, name), has_data(after, name)
        healthy = EXPECTED_EMPTY.get(board.uid, {}).keys() & {title for title, count in had.items() if not count}
        empty[name] = {title for title, count in had.items() if count and not have[title]}
        lost[name] = {title for title, count in had.items() if have[title] < count and have[title]}
        named_with = named(board, step)
        predicted[name] = named_with(Effect.EMPTY) - healthy
        losing[name] = named_with(Effect.PARTLY)
        undecided = named_with(Effect.NOT_TOLD)
        assert undecided <= ({*NOT_TOLD, "excluded"} if name == "written" else set())
        empty[name] -= undecided
    assert predicted == empty
    assert losing == lost


def test_upstream_boards_of_1_17_on_1_20(
    boards: Mapping[str, Board], answers: Answers, report: Callable[[str], None]
) -> None:
    """The boards of the chart 1.17 lose panels on 1.20, and no panel is named that does not."""
    step = Step(Release(1, 17), Release(1, 20))
    total = 0
    for name, board in boards.items():
        if name.startswith("1.17"):
            had, have = has_data(answers(step.before), name), has_data(answers(step.after), name)
            with_data = {title for title, count in had.items() if count}
            empty = {title for title in with_data if not have[title]}
            assert named(board, step)(Effect.EMPTY) == empty
            counts = f"{len(had)} panels, {len(with_data)} with data, {len(empty)} go empty: all named"
            report(f"upgrade {step}: {name}: {counts}")
            total += len(empty)
    assert total
