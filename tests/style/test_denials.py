"""Panels of Hubble's denials say which denials Hubble does not count."""

import pytest

from dashboards_py.board import read
from dashboards_py.compile import compile_boards
from dashboards_py.promql import selectors
from dashboards_py.style import FROM_HOST

PANELS = [
    pytest.param(panel.description, id=f"{board.uid} / {panel.title}")
    for board in (read(compiled.json) for compiled in compile_boards())
    for panel in board.panels
    for verdicts in [
        [
            selector
            for query in panel.queries
            for selector in selectors(query.expr)
            if selector.metric == "hubble_policy_verdicts_total"
            and any((matcher.label, matcher.value) == ("action", "dropped") for matcher in selector.matchers)
        ]
    ]
    if verdicts
]


@pytest.mark.fault("denials of the host's own traffic are missing from panels that do not mention it")
@pytest.mark.parametrize("description", PANELS)
def test_panels_of_denials_say_what_hubble_does_not_count(description: str) -> None:
    """Hubble ignores L3/L4 verdicts whose source is reserved:host (pkg/hubble/metrics/policy/handler.go)."""
    assert FROM_HOST in description
