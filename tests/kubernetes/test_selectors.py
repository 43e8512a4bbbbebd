"""Label selectors as Kubernetes reads them."""

from typing import Any

import pytest

from dashboards_py.kubernetes.selectors import required_labels, selects

RELEASE = {"matchLabels": {"release": "kps"}}


def rule(key: str, operator: str, *values: str) -> dict[str, Any]:
    return {"matchExpressions": [{"key": key, "operator": operator, **({"values": list(values)} if values else {})}]}


@pytest.mark.parametrize(
    ("selector", "labels", "takes"),
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
def test_what_a_selector_matches(selector: dict[str, Any] | None, labels: dict[str, str], takes: bool) -> None:
    """None takes nothing, an empty one all, rules hold all at once."""
    assert selects(selector, labels) is takes


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
def test_the_labels_that_fit(selector: dict[str, Any] | None, labels: dict[str, str]) -> None:
    """As few labels as the selector asks for; with them it takes an object, unless it takes nothing."""
    assert required_labels(selector) == labels
    assert selects(selector, labels) is (selector is not None)
