"""The interface of a condition's page."""

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Protocol

from dashboards_py.findings import Finding, Location, Severity
from dashboards_py.plugins import Plugins

# Causes that a Prometheus shows, by what they have in common.
NO_TARGET = frozenset({"no-cilium", "missing-target"})
FAILED_SCRAPE = frozenset({"target-down", "scrape-timeout"})
NOT_EXPOSED = frozenset(
    {"gone-metric", "handler-off", "metric-off", "missing-context", "partial-metric", "switched-off"}
)


class ConditionPage(Protocol):
    """A module of this package: its docstring is the page of the condition, which begins with its id and symptom."""

    @property
    def ORDER(self) -> int:  # noqa: N802  # a constant of the file
        """Its position: of two that explain the same, the first is the deeper one."""

    @property
    def EXPLAINS(self) -> frozenset[str]:  # noqa: N802  # a constant of the file
        """The causes that it goes deeper than."""

    @property
    def ALONE(self) -> Severity | None:  # noqa: N802  # a constant of the file
        """Its severity if it explains no panel; None: it is not reported then."""


CONDITIONS: Plugins[ConditionPage] = Plugins(__package__, [str(Path(__file__).parent)], (ConditionPage,))


@cache
def pages() -> dict[str, ConditionPage]:
    """The pages by id, in their order."""
    loaded = {name.replace("_", "-"): page for name, page in CONDITIONS.load_all().items()}
    return dict(sorted(loaded.items(), key=lambda pair: (pair[1].ORDER, pair[0])))


def finding(cause: str, what: str, why: str, fix: str, locations: Iterable[Location]) -> Finding:
    """The finding of a condition that explains no other, which has a severity of its own."""
    severity = pages()[cause].ALONE
    assert severity, f"{cause} is never reported alone"
    return Finding(cause, severity, what, why, fix, tuple(dict.fromkeys(locations)))
