"""The table of faults: each alert has one on each release, and what it says of them is complete."""

import pytest

from dashboards_py.catalog import RELEASES
from dashboards_py.compile.rules import compile_rules
from tests.rules.faults import FAULTS
from tests.rules.faults.histograms import SWITCH


@pytest.mark.fault("Nobody has seen whether an alert fires on its fault")
def test_each_alert_has_a_fault_on_each_release() -> None:
    """Of every release, each alert is made to fire by at least one fault of its own."""
    without = [
        f"{alert.alert} on {release}"
        for release in RELEASES
        for alert in compile_rules(release).alerts
        if not any(alert.alert in fault.fires and release in fault.releases for fault in (*FAULTS, SWITCH))
    ]
    assert without == []


def test_the_table_names_alerts_and_says_why_others_fire() -> None:
    """Faults have names of their own, name alerts that there are, and give a reason for each that is not theirs."""
    known = {alert.alert for release in RELEASES for alert in compile_rules(release).alerts}
    names = [fault.name for fault in FAULTS]
    assert [name for name in names if names.count(name) > 1] == []
    assert [(fault.name, name) for fault in FAULTS for name in fault.expected if name not in known] == []
    assert [fault.name for fault in FAULTS if not fault.story or not all(fault.also.values())] == []
