"""Labels that a relabeling sets to a constant, at the targets or at their series."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from dashboards_py.doctor.observation import ScrapeTarget
from dashboards_py.doctor.observe.overwritten import overwritten_labels
from tests.doctor.test_causes import seen

DROP, VERSION = "cilium_drop_count_total", "cilium_version"
JOB = {"job": "cilium-agent", "k8s_app": "cilium", "endpoint": "metrics"}
Labels = Mapping[str, str]


def agents(*changes: Labels, component: str = "cilium-agent") -> tuple[ScrapeTarget, ...]:
    """Agents on nodes of their own, with changed labels."""
    return tuple(
        ScrapeTarget(component, labels_of(number, **change), True, "", f"http://10.0.0.{number}:9962/metrics")
        for number, change in enumerate(changes, start=1)
    )


def labels_of(number: int, **changes: str) -> Labels:
    """The labels of an agent; "" removes one."""
    own = {"pod": f"cilium-{number}", "node": f"n{number}", "instance": f"10.0.0.{number}:9962"}
    return {name: value for name, value in {**JOB, **own, **changes}.items() if value}


@pytest.mark.fault("series that all have one pod are met by silence, or are said to be scraped twice")
@pytest.mark.parametrize("label", ["pod", "node", "instance"])
@pytest.mark.parametrize("at_targets", [True, False])
def test_one_value_on_all_series(label: str, at_targets: bool) -> None:
    """Set by relabel_configs targets have it as well, set by metric_relabel_configs only their series."""
    constant = {label: "cilium"}
    of_targets = agents(constant, constant) if at_targets else agents({}, {})
    observed = seen(targets=of_targets)
    sampled = {VERSION: [labels_of(number, **constant) for number in (1, 2)], "up": [labels_of(1)]}
    assert overwritten_labels(sampled, observed) == {"cilium-agent": constant}
    assert observed.duplicates("cilium-agent") == ()


def test_one_value_without_a_node() -> None:
    """Three addresses are more than a pod has, also where no label tells of nodes."""
    of_targets = agents(*({"pod": "cilium", "node": ""},) * 3)
    sampled = {VERSION: [labels_of(number, pod="cilium", node="") for number in (1, 2, 3)]}
    assert overwritten_labels(sampled, seen(targets=of_targets)) == {"cilium-agent": {"pod": "cilium"}}


@pytest.mark.fault("a pod that is scraped at two addresses, or one sampled node of many, is said to be overwritten")
@pytest.mark.parametrize(
    ("changes", "sampled"),
    [
        pytest.param(({}, {}), [labels_of(1)], id="the series of one of two"),
        pytest.param(({},), [labels_of(1)], id="one node"),
        pytest.param(({}, labels_of(1, instance="[fd00::1]:9962")), [labels_of(1)], id="IPv4 and IPv6"),
        pytest.param(({}, {}), [labels_of(1), labels_of(2)], id="healthy"),
        pytest.param(({}, {}), [], id="no series"),
        pytest.param(({}, {"node": ""}), [labels_of(1), labels_of(2, node="")], id="lost by one of two"),
        pytest.param(({}, {}, {"node": ""}), [labels_of(1), labels_of(3, node="")], id="lost by one of three"),
        pytest.param(({}, {}), [labels_of(1, node="n1.example.org")] * 2, id="changed, and sampled of one node"),
    ],
)
def test_what_is_no_constant(changes: tuple[Labels, ...], sampled: list[Labels]) -> None:
    """It has to be seen of several targets."""
    assert overwritten_labels({VERSION: sampled}, seen(targets=agents(*changes))) == {}


@pytest.mark.fault("for a minute after an agent was recreated, its node is said to be a constant")
def test_a_pod_that_is_gone() -> None:
    """It still has a sample of `up`, and the list of targets does not have it any more."""
    (new,) = agents({})
    old = replace(new, labels={**new.labels, "pod": "cilium-0"}, url="")
    observed = seen(targets=(old, new))
    assert overwritten_labels({VERSION: [old.labels, new.labels]}, observed) == {}


def test_a_label_of_the_metric_is_its_own() -> None:
    """Operators may share a node, and a metric may have a label of that name itself."""
    operators = agents(*({"node": "n", "job": "cilium-operator"},) * 2, component="cilium-operator")
    sampled = {"cilium_operator_process_start_time_seconds": [target.labels for target in operators]}
    assert overwritten_labels(sampled, seen(targets=operators)) == {}


@pytest.mark.fault("a second job that gives the same address another instance, and no pod, is met by silence")
def test_two_jobs_at_one_address() -> None:
    """The address that is scraped tells it; one job that asks a proxy for several nodes has one for all of them."""
    by_name = [replace(target, labels={"job": "nodes", "instance": target.labels["node"]}) for target in agents({}, {})]
    groups = seen(targets=(*agents({}, {}), *by_name)).duplicates("cilium-agent")
    assert [sorted(target.labels["job"] for target in group.targets) for group in groups] == [
        ["cilium-agent", "nodes"]
    ] * 2
    proxied = tuple(replace(target, url="http://proxy/metrics") for target in by_name)
    assert seen(targets=proxied).duplicates("cilium-agent") == ()
