"""Colours of good, doubtful and bad values."""

import re
from collections.abc import Mapping

import pytest

from dashboards_py.model import Query
from dashboards_py.style.colors import COLORED_LABELS, meanings

GOOD, DOUBTFUL, BAD = "green", "orange", "red"
# Values as Cilium, Hubble, Envoy and DNS write them.
COLORS: Mapping[str, Mapping[str, str | None]] = {
    "level": {"warning": DOUBTFUL, "error": BAD, "info": None},
    "status": {
        "success": GOOD,
        "ready": GOOD,
        "reachable": GOOD,
        "connecting": DOUBTFUL,
        "idle": DOUBTFUL,
        "degraded": BAD,
        "unreachable": BAD,
        "failure": BAD,
        "200": GOOD,
        "404": DOUBTFUL,
        "503": BAD,
    },
    "outcome": {"success": GOOD, "fail": BAD, "failure": BAD, "timeout": BAD, "time-out": BAD},
    "verdict": {"FORWARDED": GOOD, "AUDIT": DOUBTFUL, "DROPPED": BAD, "ERROR": BAD, "REDIRECTED": "blue"},
    "action": {"allow": GOOD, "deny": BAD, "denied": BAD, "TRANSLATED": "blue"},
    "rcode": {"No Error": GOOD, "Non-Existent Domain": DOUBTFUL, "Server Failure": BAD, "Query Refused": BAD},
    "envoy_response_code_class": {"2": None, "2xx": GOOD, "4xx": DOUBTFUL, "5xx": BAD},
    "direction": {"INGRESS": "blue", "EGRESS": "purple", "SERVICE": "dark-green", "UNKNOWN": "text"},
}


@pytest.mark.parametrize(
    ("label", "value", "color"),
    [(label, value, color) for label, values in COLORS.items() for value, color in values.items()],
)
def test_each_value_has_its_color(label: str, value: str, color: str | None) -> None:
    """Grafana applies overrides in order, so the last matching pattern decides."""
    fitting: list[str | None] = [
        color
        for pattern, color in meanings([Query(expr="x", legend=f"{{{{{label}}}}}")]).items()
        if re.search(pattern.removeprefix("/").removesuffix("/i"), value, re.IGNORECASE)
    ]
    assert [None, *fitting][-1] == color


def test_every_judged_label_is_in_the_table() -> None:
    """Except for one that has the same values as rcode."""
    assert COLORED_LABELS.keys() - COLORS.keys() == {"return_code"}
