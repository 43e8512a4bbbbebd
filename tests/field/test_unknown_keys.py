"""Keys that the chart does not know name the key that was meant."""

from typing import Any

import pytest
import yaml

from dashboards_py.catalog import RELEASES, Release
from dashboards_py.values.unknown_keys import unknown_keys
from tests.components import path_of
from tests.oracle.helm_keys import chart_file
from tests.values.test_values import required_values_tree

pytestmark = pytest.mark.fault("a Helm value that the chart does not read is silently ignored")
ON = {"enabled": True}
# By values: the key, and the one that is suggested.
WRONG: list[tuple[dict[str, Any], str, str]] = [
    ({"hubble": {"serviceMonitor": ON}}, "hubble.serviceMonitor", "hubble.metrics.serviceMonitor"),
    ({"hubble": {"dashboards": ON}}, "hubble.dashboards", "hubble.metrics.dashboards"),
    ({"metrics": ON}, "metrics", "hubble.metrics"),
    ({"serviceMonitor": ON}, "serviceMonitor", "prometheus.serviceMonitor"),
    (
        {"operator": {"prometheus": {"serviceMonitors": ON}}},
        "operator.prometheus.serviceMonitors",
        "operator.prometheus.serviceMonitor?",
    ),
    ({"operator": {"serviceMonitor": ON}}, "operator.serviceMonitor", "operator.prometheus.serviceMonitor?"),
    ({"operator": {"metrics": ON}}, "operator.metrics", "operator.prometheus?"),
    ({"clustermesh": {"apiserver": {"prometheus": ON}}}, "clustermesh.apiserver.prometheus", "apiserver.metrics?"),
    ({"hubble": {"metric": {"enabled": ["dns"]}}}, "hubble.metric", "did you mean hubble.metrics?"),
    ({"prometheus": {"serviceMonitor": {"label": {}}}}, "prometheus.serviceMonitor.label", "serviceMonitor.labels?"),
    ({"operators": {"prometheus": ON}}, "operators", "did you mean operator?"),
    ({"hubbel": ON}, "hubbel", "did you mean hubble?"),
    (
        {"hubble": {"relay": {"serviceMonitor": ON}}},
        "hubble.relay.serviceMonitor",
        "hubble.relay.prometheus.serviceMonitor",
    ),
]


@pytest.mark.parametrize(("values", "key", "meant"), WRONG, ids=[key for _, key, _ in WRONG])
def test_a_key_that_the_chart_does_not_read(values: dict[str, Any], key: str, meant: str) -> None:
    """It is named, with the key that was probably meant."""
    (text,) = unknown_keys(values)
    assert text.startswith(f"{key} is not a key of the chart")
    assert meant in text


@pytest.mark.parametrize(
    ("values", "start", "fix"),
    [
        ({"prometheus": None}, "prometheus is null: Helm removes", "write prometheus: {}"),
        ({"hubble": {"metrics": None}}, "hubble.metrics is null: Helm removes", "write metrics: {}"),
        ({"operator": {"prometheus": None}}, "operator.prometheus is null", "leave the key out"),
        ({"hubble": False}, "hubble is not a map, and the chart refuses it", "leave the key out"),
        ({"envoy": {"prometheus": []}}, "envoy.prometheus is not a map", "leave the key out"),
    ],
)
def test_a_section_that_is_no_map(values: dict[str, Any], start: str, fix: str) -> None:
    """A heading without a value, or with another value than a map, is named: Helm refuses the chart with it."""
    (text,) = unknown_keys(values)
    assert text.startswith(start)
    assert fix in text


@pytest.mark.parametrize(
    ("values", "start", "fix"),
    [
        (
            {"hubble": {"metrics": {"dynamic": {"enabled": "true"}}}},
            "hubble.metrics.dynamic.enabled is 'true'",
            "quotes",
        ),
        ({"prometheus": {"enabled": 1}}, "prometheus.enabled is 1", "only true and false"),
        ({"l7Proxy": "off"}, "l7Proxy is 'off'", "only true and false"),
        ({"agent": {"prometheus": ON}}, "agent is true or false, not a map", "did you mean prometheus"),
        ({"hubble": {"relay": {"enabled": {}}}}, "hubble.relay.enabled is true or false, not a map", "refuses it"),
    ],
)
def test_a_switch_that_is_neither_true_nor_false(values: dict[str, Any], start: str, fix: str) -> None:
    """It is named: the schema of each chart refuses it. A placeholder may become anything."""
    (text,) = unknown_keys(values)
    assert text.startswith(start)
    assert fix in text
    assert list(unknown_keys({"prometheus": {"enabled": "${METRICS}"}})) == []


def test_null_below_a_section_is_a_value() -> None:
    """Null as a single value is the chart's business, and below maps that users fill."""
    assert list(unknown_keys({"hubble": {"metrics": {"enabled": None}}, "operator": {"enabled": None}})) == []


@pytest.mark.parametrize("release", RELEASES, ids=str)
def test_all_keys_of_the_charts_are_known(release: Release) -> None:
    """The chart's own values have no unknown key, nor have ours, nor what users put into maps."""
    path_of("charts")
    assert list(unknown_keys(yaml.safe_load(chart_file(release, "values.yaml") or b""))) == []
    filled = required_values_tree(release)
    filled["prometheus"]["serviceMonitor"]["annotations"] = {"a/b": "c"}
    filled["operator"]["podLabels"] = {"prometheus": "a", "metrics": "b"}
    filled["hubble"]["relay"]["resources"] = {"limits": {"cpu": "1"}}
    assert list(unknown_keys({**filled, "global": {"a": 1}})) == []
