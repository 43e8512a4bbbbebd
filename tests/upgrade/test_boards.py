"""What an upgrade changes on a board: its panels, variables and annotations."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import pytest

from dashboards_py.board import Board, read
from dashboards_py.catalog import NEWEST, RELEASES, Release
from dashboards_py.compile import compile_boards
from dashboards_py.upgrade.boards import board_changes
from dashboards_py.upgrade.change import Effect, Kind, Step
from dashboards_py.upgrade.reading import NOTHING_ELSE
from dashboards_py.upgrade.report import Report, When, plan_file, plan_ours

REMOVED, KNOWN = "sum(cilium_operator_ipam_ips)", "count(cilium_version)"
STEP = Step(Release(1, 19), Release(1, 20))


def board(*panels: Sequence[dict[str, Any]], variables: list[dict[str, Any]] | None = None) -> Board:
    """A board with these queries in its panels, titled 0, 1, 2."""
    return read(
        {
            "uid": "mine",
            "title": "Mine",
            "templating": {"list": variables or []},
            "panels": [
                {"id": number, "type": "timeseries", "title": str(number), "targets": targets}
                for number, targets in enumerate(panels)
            ],
        }
    )


def effects(board: Board, step: Step = STEP) -> dict[str, set[Effect]]:
    """The effects by panel or variable."""
    result: dict[str, set[Effect]] = {}
    for one in board_changes(board, step).affected:
        result.setdefault(one.name, set()).add(one.change.effect)
    return result


def test_all_queries_or_one() -> None:
    """A panel goes empty if all its visible queries do, and loses a query if another is left."""
    panels: tuple[Sequence[dict[str, Any]], ...] = (
        [{"expr": REMOVED}],
        [{"expr": REMOVED}, {"expr": KNOWN}],
        [{"expr": REMOVED}, {"expr": KNOWN, "hide": True}],
        [{"expr": KNOWN}, {"expr": REMOVED, "hide": True}],
        [{"expr": REMOVED}, {"expr": "cilium_never_heard_of"}],
        [{"expr": REMOVED}, {"expr": "vector(1)"}],
        [{"expr": REMOVED}, {"expr": "${anything}"}],
        [{"expr": KNOWN}],
    )
    assert effects(board(*panels)) == {
        "0": {Effect.EMPTY},
        "1": {Effect.PARTLY},
        "2": {Effect.EMPTY},
        "3": {Effect.PARTLY},
        "4": {Effect.EMPTY},
        "5": {Effect.PARTLY},
        "6": {Effect.PARTLY},
    }


def variable(name: str, query: str, **more: Any) -> dict[str, Any]:
    """A variable of a board."""
    return {"name": name, "type": "query", "query": query, **more}


def test_a_variable_that_loses_its_values() -> None:
    """Its panels go empty, unless All stands for any value; so does a variable that depends on it."""
    queries = [[{"expr": 'sum(cilium_version{pod=~"$pod"})'}], [{"expr": 'sum(cilium_version{pod!="$pod"})'}]]
    without_values = variable("pod", "label_values(cilium_operator_ipam_ips, pod)")
    assert effects(board(*queries, variables=[without_values])) == {"pod": {Effect.EMPTY}, "0": {Effect.EMPTY}}
    anything = {**without_values, "includeAll": True, "allValue": ".*"}
    assert effects(board(*queries, variables=[anything])) == {"pod": {Effect.EMPTY}}
    chain = [
        variable("space", "label_values(cilium_operator_ipam_ips, namespace)"),
        variable("pod", 'label_values(cilium_version{namespace="$space"}, pod)'),
    ]
    assert effects(board(*queries, variables=chain)) == {
        "space": {Effect.EMPTY},
        "pod": {Effect.EMPTY},
        "0": {Effect.EMPTY},
    }


def test_a_label_that_a_variable_matches() -> None:
    """A matcher on a label that is gone matches nothing, unless the variable's All also matches series without it."""
    query = [{"expr": 'cilium_bgp_control_plane_session_state{vrouter=~"$router"}'}]
    router = variable("router", "label_values(cilium_version, pod)", includeAll=True, allValue=".+")
    assert effects(board(query, variables=[router]))["0"] == {Effect.EMPTY}
    optional = {**router, "allValue": ".*"}
    assert Effect.EMPTY not in effects(board(query, variables=[optional]))["0"]


def test_what_was_empty_before() -> None:
    """It does not go empty; it is counted."""
    changes = board_changes(board([{"expr": "cilium_services_events_total"}], [{"expr": KNOWN}]), STEP)
    assert changes.affected == ()
    assert changes.empty_before == ("0",)
    assert changes.works_on_both


def test_annotations_are_named() -> None:
    """An annotation that shows nothing any more."""
    document = {"uid": "a", "panels": [], "annotations": {"list": [{"name": "IPs", "expr": REMOVED}]}}
    (one,) = board_changes(read(document), STEP).affected
    assert (one.kind, one.name, one.change.effect) == (Kind.ANNOTATION, "IPs", Effect.EMPTY)
    assert one.where == "a / annotation IPs"


def test_a_file_works_on_both_or_must_change() -> None:
    """A board from a file is one JSON."""
    assert plan_file(board([{"expr": KNOWN}]), STEP).when is When.KEEP
    plan = plan_file(board([{"expr": REMOVED}]), STEP)
    assert (plan.when, plan.empty_after) == (When.CHANGE, ("0",))


@pytest.mark.fault("which panels an upgrade of Cilium empties is known afterwards")
@pytest.mark.parametrize(
    ("now", "later", "expected", "until", "after"),
    [
        (KNOWN, KNOWN, When.ANY_TIME, (), ()),
        (REMOVED, f"{REMOVED} or {KNOWN}", When.BEFORE, (), ("0",)),
        (f"{REMOVED} or {KNOWN}", "sum(cilium_endpoint_component_status)", When.AFTER, ("0",), ()),
        (REMOVED, "sum(cilium_endpoint_component_status)", When.DURING, ("0",), ("0",)),
    ],
)
def test_when_to_deploy(now: str, later: str, expected: When, until: tuple[str, ...], after: tuple[str, ...]) -> None:
    """By which JSON works on which release."""
    plan = plan_ours(board([{"expr": now}]), board([{"expr": later}]), STEP, NOTHING_ELSE)
    assert (plan.when, plan.empty_until, plan.empty_after) == (expected, until, after)


@pytest.mark.parametrize(
    ("before", "after"), [*pairwise(RELEASES), *pairwise(RELEASES[::-1]), (RELEASES[0], NEWEST), (NEWEST, RELEASES[0])]
)
def test_of_ours_nothing_dies(before: Release, after: Release) -> None:
    """One release up or down, or all of them, with the boards for it: what the present JSON loses, the next one has.

    Left out are panels for which Cilium has nothing on that release: of an upgrade, API calls of the 1.19 operator.
    """
    old, new = ([read(compiled.json) for compiled in compile_boards(release)] for release in (before, after))
    plans = [plan_ours(*pair, Step(before, after)) for pair in zip(old, new, strict=True)]
    report = Report(Step(before, after), tuple(plans))
    assert not report.is_fatal
    left_out = {one.change.what for one in report.affected if one.change.effect is Effect.LEFT_OUT}
    assert left_out <= ({"rest_client_requests_total"} if after > before else left_out)
    assert all(not plan.changes.unread for plan in plans)
