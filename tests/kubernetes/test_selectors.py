"""Label selectors as Kubernetes reads them."""

from typing import Any

import pytest

from dashboards_py.kubernetes.selectors import required_labels, selects

RELEASE = {"matchLabels": {"release": "kps"}}


def rule(key: str, operator: str, *values: str) -> dict[str, Any]:
    return {"matchExpressions": [{"key": key, "operator": operator, **({"values": list(values)} if values else {})}]}


@pytest.mark.parametrize(
    ("selector", "labels", "matches"),
    [
        (None, {"release": "kps"}, False),
        ({}, {}, True),
        (RELEASE, {"release": "kps", "x": "y"}, True),
        (RELEASE, {"release": "prometheus"}, False),
        (RELEASE, {}, False),
        (rule("team", "In", "net", "core"), {"team": "core"}, True),
        (rule("team", "In", "net", "core"), {}, False),
        (rule("team", "NotIn", "web"), {}, True),
        (rule("team", "NotIn", "web"), {"team": "web"}, False),
        (rule("scrape", "Exists"), {"scrape": ""}, True),
        (rule("scrape", "Exists"), {}, False),
        (rule("skip", "DoesNotExist"), {}, True),
        (rule("skip", "DoesNotExist"), {"skip": "x"}, False),
        ({**RELEASE, **rule("skip", "DoesNotExist")}, {"release": "kps", "skip": "x"}, False),
    ],
)
def test_selectors(selector: dict[str, Any] | None, labels: dict[str, str], matches: bool) -> None:
    """None matches nothing, an empty selector everything, and all rules must match."""
    assert selects(selector, labels) is matches


@pytest.mark.parametrize(
    ("selector", "labels"),
    [
        (None, {}),
        ({}, {}),
        (RELEASE, {"release": "kps"}),
        (rule("team", "In", "net", "core"), {"team": "net"}),
        ({**RELEASE, **rule("scrape", "Exists")}, {"release": "kps", "scrape": "true"}),
        (rule("skip", "DoesNotExist"), {}),
        (rule("team", "NotIn", "web"), {}),
    ],
)
def test_required_labels(selector: dict[str, Any] | None, labels: dict[str, str]) -> None:
    """The fewest labels that the selector matches, unless it matches nothing."""
    assert required_labels(selector) == labels
    assert selects(selector, labels) is (selector is not None)
