"""Which rules drop series by the value of a label, and keep the rest of the metric."""

from collections.abc import Mapping
from typing import Any

import pytest

from dashboards_py.catalog import NEWEST
from dashboards_py.doctor import Client
from dashboards_py.doctor.observation import Observation, ScrapeTarget, Server
from dashboards_py.doctor.observe._dropped_values import dropped_values, rules_of
from dashboards_py.doctor.observe.dropped_by_value import dropped_by_value
from tests.fakes.prometheus import nothing

NAME = "cilium_drop_count_total"
OWN = ("reason", "direction")
KNOWN = {"direction": ("INGRESS", "EGRESS")}
NOTHING: tuple[frozenset[str], frozenset[str]] = frozenset(), frozenset()


def rule(regex: str, *labels: str, action: str = "drop", separator: str = "") -> Mapping[str, Any]:
    """A rule as Prometheus writes it."""
    own = {"separator": separator} if separator else {}
    return {"action": action, "regex": regex, "source_labels": list(labels), **own}


@pytest.mark.fault("a rule for all targets drops one value of a label, sums are too low, and doctor is silent")
@pytest.mark.parametrize(
    ("written", "labels", "values"),
    [
        pytest.param(rule("Policy denied", "reason"), {"reason"}, set(), id="a value of any"),
        pytest.param(rule("INGRESS|other", "direction"), {"direction"}, {"INGRESS"}, id="a known value"),
        pytest.param(rule("INGRESS", "direction", action="keep"), {"direction"}, {"EGRESS"}, id="all but one"),
        pytest.param(rule("(cilium_drop.*;a|b;c)", "__name__", "reason"), {"reason"}, set(), id="a group around it"),
        pytest.param(rule("(?:.*_total);(INGRESS)", "__name__", "direction"), {"direction"}, {"INGRESS"}, id="groups"),
        pytest.param(rule("cilium_drop.*/[/]", "__name__", "reason", separator="/"), {"reason"}, set(), id="separator"),
        pytest.param(rule(".*;INGRESS;.+", "node", "direction", "reason"), set(OWN), set(), id="two values"),
        pytest.param(rule("other;INGRESS", "__name__", "direction"), set(), set(), id="another metric"),
        pytest.param(rule("cilium_drop.*", "__name__"), set(), set(), id="the whole metric"),
        pytest.param(rule("cilium_drop.*;.*", "__name__", "direction"), set(), set(), id="each value"),
        pytest.param(rule("cilium_.*;.*|x;y", "__name__", "reason", action="keep"), set(), set(), id="all are kept"),
        pytest.param(rule("a", "namespace"), set(), set(), id="a label that it does not have"),
        pytest.param(rule("unknown", "direction"), set(), set(), id="no value of it"),
        pytest.param(rule("cilium_drop.*[;]INGRESS", "__name__", "direction"), {"direction"}, {"INGRESS"}, id="[;]"),
        pytest.param(rule(r"cilium_drop.*\;INGRESS", "__name__", "direction"), {"direction"}, {"INGRESS"}, id="\\;"),
        pytest.param(rule(r"(.*[)]|.*)\|x", "__name__", "reason", separator="|"), {"reason"}, set(), id="special"),
        pytest.param(rule(".*::INGRESS", "__name__", "direction", separator="::"), {"direction"}, {"INGRESS"}, id="::"),
        pytest.param(rule("cilium_drop.*;+x", "__name__", "reason"), set(), set(), id="not to be told apart"),
        pytest.param(rule("cilium_drop.*[;,]x", "__name__", "reason"), set(), set(), id="a class"),
        pytest.param(rule("INGRESS", "direction", action="replace"), set(), set(), id="it drops nothing"),
    ],
)
def test_values_that_a_rule_drops(written: Mapping[str, Any], labels: set[str], values: set[str]) -> None:
    """A pattern is read label by label; what drops a metric in whole, or nothing of it, is another cause, or none."""
    read = [dropped_values(one, NAME, OWN, KNOWN) for one in rules_of([written])] or [NOTHING]
    assert [tuple(map(set, one)) for one in read] == [(labels, values)]


CONFIGURATION = f"""global: {{}}
scrape_configs:
- job_name: agents
  metric_relabel_configs:
  - source_labels: [__name__, direction]
    separator: ;
    regex: {NAME};INGRESS
    action: drop
"""


@pytest.mark.parametrize("is_dropping", [True, False])
def test_rules_are_read_where_samples_are_dropped(*, is_dropping: bool) -> None:
    """Two series of each target tell whether anything is dropped; only then the configuration is asked for."""
    labels = {"job": "cilium-agent", "k8s_app": "cilium", "instance": "10.0.0.1:9962"}
    requests: list[str] = []

    def ask(path: str, _: Mapping[str, str]) -> Any:
        requests.append(path)
        if path == "status/config":
            return {"yaml": CONFIGURATION}
        rows = [{"metric": labels, "value": [0, "0.9"]}] if is_dropping else []
        return {"resultType": "vector", "result": rows} if path == "query" else nothing(path)

    target = ScrapeTarget("cilium-agent", labels, is_up=True, pool="agents")
    seen = Observation(server=Server(now=1.0), targets=(target,), release=NEWEST)
    dropped = dropped_by_value(Client(ask), [NAME, "cilium_version"], seen)
    assert {name: (one.labels, set(one.values)) for name, one in dropped.items()} == (
        {NAME: (("direction",), {"INGRESS"})} if is_dropping else {}
    )
    assert requests == ["query", "status/config"][: 1 + is_dropping]
