"""Events of the datapath that the Cilium chart can turn off, and without which Hubble's metrics count less."""

from typing import Any

import pytest

from dashboards_py.board import read
from dashboards_py.catalog import RELEASES, Release
from dashboards_py.compile import compile_boards
from dashboards_py.needs import needs
from dashboards_py.values.check import Gap, check
from dashboards_py.values.keys import merge_values
from dashboards_py.values.merge import merge_needs
from tests.values.test_values import put, required_values_tree

EVENTS = {
    "bpf.events.policyVerdict.enabled": {
        ("cilium-policy", "Denied pairs"),
        ("hubble-network", "Denied by policy"),
        ("hubble-overview", "Drops by reason"),
    },
    "bpf.events.drop.enabled": {("hubble-network", "Other drops"), ("hubble-overview", "Drops by reason")},
    "bpf.events.trace.enabled": {("hubble-network", "Connections"), ("hubble-overview", "Flows by verdict")},
}
FAULT = pytest.mark.fault("values --check is content with a chart that turns off the events which Hubble counts")


@FAULT
@pytest.mark.parametrize("release", [RELEASES[0], RELEASES[-1]], ids=str)
@pytest.mark.parametrize("off", [False, None, "false"], ids=str)
@pytest.mark.parametrize("key", EVENTS)
def test_check_names_the_panels_and_the_value(key: str, off: Any, release: Release) -> None:
    """False, null and a quoted false turn them off in cilium-config; nothing is lacking if they are true or unset."""
    boards = [read(board.json) for board in compile_boards(release)]

    def partial(values: dict[str, Any]) -> set[tuple[str, str]]:
        findings = check(boards, values, release, labels={"release": "prometheus"})
        return {
            (finding.board, finding.panel)
            for finding in findings
            if finding.gap == Gap.PARTLY and any(reason.startswith(f"{key} is not true") for reason in finding.why)
        }

    required = required_values_tree(release)
    assert partial(merge_values(required, put(key, off))) >= EVENTS[key]
    assert partial(required) == partial(merge_values(required, put(key, True))) == set()


@FAULT
@pytest.mark.parametrize("release", [RELEASES[0], RELEASES[-1]], ids=str)
@pytest.mark.parametrize("key", EVENTS)
def test_merging_keeps_events_off_and_says_so(key: str, release: Release) -> None:
    """They cost CPU, so that someone may have turned them off on purpose; true and unset need nothing."""
    all_needs = [need for board in compile_boards(release) for need in needs(read(board.json), release)]
    options: dict[str, Any] = {"labels": {"release": "prometheus"}, "interval": "30s"}
    missing, conflicts = merge_needs(all_needs, put(key, False), release, **options)
    assert key not in missing
    assert [(conflict.key, conflict.user_value) for conflict in conflicts] == [(key, "false")]
    assert conflicts[0].why.startswith("needed by ")
    for values in ({}, put(key, True)):
        missing, conflicts = merge_needs(all_needs, values, release, **options)
        assert not conflicts
        assert not missing.keys() & EVENTS.keys()
