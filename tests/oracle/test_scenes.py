"""What boards say of Hubble's counts holds on every release: its real handlers counted the same scenes on each."""

import pytest

from tests.live.test_recorded import DENIED, EVENTS, NAMELESS, UNANSWERED
from tests.oracle import facts

SERVED, CLIENT_NODE, EVERYTHING = "served on one node", "served, client's node", "every event"


def counted(version: str, scene: str, name: str, **labels: str) -> float:
    """The sum of the series of that name which have these labels."""
    return sum(
        float(row["value"])
        for row in facts.rows(version, "hubble.scenes")
        if (row["scene"], row["name"]) == (scene, name) and labels.items() <= row.get("labels", {}).items()
    )


pytestmark = pytest.mark.parametrize("version", facts.versions())


@pytest.mark.fault(UNANSWERED)
def test_verdicts_count_a_syn_again(version: str) -> None:
    """One connection, served, with policies at both ends: three SYN and one SYN-ACK."""
    flags = [counted(version, SERVED, "hubble_tcp_flags_total", flag=flag) for flag in ("SYN", "SYN-ACK")]
    assert flags == [3, 1]


@pytest.mark.fault(EVENTS)
def test_ports_count_events(version: str) -> None:
    """Two packets arrive at the port, and two verdicts count too; one denied packet to the world is two events."""
    assert counted(version, SERVED, "hubble_port_distribution_total", port="8080") == 4
    assert counted(version, EVERYTHING, "hubble_flows_to_world_total", protocol="TCP", verdict="DROPPED") == 2


@pytest.mark.fault(NAMELESS)
def test_a_pod_of_another_node_has_an_app_and_no_workload(version: str) -> None:
    """On the client's node every flow to the server has its app, and none its workload."""
    flows = "hubble_flows_processed_total"
    to_server = counted(version, CLIENT_NODE, flows, source_workload="frontend")
    assert to_server == counted(version, CLIENT_NODE, flows, source_workload="frontend", destination_app="paym") > 0
    assert counted(version, CLIENT_NODE, flows, destination_workload="payment") == 0


@pytest.mark.fault(DENIED)
def test_a_denial_is_two_drops_and_one_verdict(version: str) -> None:
    """Two denied packets, one by a deny rule and two at L7: reason POLICY_DENIED is four, verdicts are five."""
    reasons = {
        reason: counted(version, EVERYTHING, "hubble_drop_total", reason=reason)
        for reason in ("POLICY_DENIED", "POLICY_DENY", "DROP_REASON_UNKNOWN")
    }
    assert reasons == {"POLICY_DENIED": 4, "POLICY_DENY": 2, "DROP_REASON_UNKNOWN": 2}
    assert counted(version, EVERYTHING, "hubble_policy_verdicts_total", action="dropped") == 5
