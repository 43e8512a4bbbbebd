"""The interface of a cause."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Protocol

from dashboards_py.doctor.executed import ExecutedQuery
from dashboards_py.doctor.observation import Observation
from dashboards_py.errors import Fix
from dashboards_py.findings import Severity
from dashboards_py.plugins import Plugins


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What a cause says of one query; those with the same `what` become one finding.

    `items` are names that are listed after `what`, such as metrics. `is_final`: this is why the query has no result, so
    that later causes are not asked; otherwise the query may have others as well. `subjects` are the components or
    handlers that it is about, empty for all components of the query. `variable` is the variable whose value is the
    reason: if its own query has no result, the cause of that is the one to name.
    """

    what: str
    why: str = ""
    fix: Fix = ""
    severity: Severity = Severity.ERROR
    items: tuple[str, ...] = ()
    is_final: bool = True
    subjects: frozenset[str] = frozenset()
    variable: str = ""


class Cause(Protocol):
    """A module of this package: its docstring is the page of the cause, which begins with its id and symptom."""

    @property
    def ORDER(self) -> int:  # noqa: N802  # a constant of the cause's file
        """Its position in the chain: what others depend on comes first."""

    def explain(self, query: ExecutedQuery, seen: Observation, /) -> Diagnosis | Sequence[Diagnosis] | None:
        """The diagnosis, if this is a cause of the query's answer; several if it is a cause in several ways."""


def diagnoses(cause: Cause, query: ExecutedQuery, seen: Observation) -> tuple[Diagnosis, ...]:
    """All that a cause says of a query."""
    explained = cause.explain(query, seen) or ()
    return (explained,) if isinstance(explained, Diagnosis) else tuple(explained)


CAUSES: Plugins[Cause] = Plugins(__package__, [str(Path(__file__).parent)], (Cause,))


@cache
def chain() -> tuple[tuple[str, Cause], ...]:
    """The causes with their ids, in order."""
    loaded = [(name.replace("_", "-"), cause) for name, cause in CAUSES.load_all().items()]
    return tuple(sorted(loaded, key=lambda pair: (pair[1].ORDER, pair[0])))
