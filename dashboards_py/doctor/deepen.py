"""The deepest cause: a condition of the cluster instead of what a Prometheus shows of it."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace

from dashboards_py.catalog import components
from dashboards_py.doctor.causes._cause import Diagnosis
from dashboards_py.doctor.causes._targets import is_optional
from dashboards_py.doctor.conditions._condition import FAILED_SCRAPE, NO_TARGET, pages
from dashboards_py.doctor.executed import ExecutedQuery
from dashboards_py.doctor.observation import Condition, Observation
from dashboards_py.findings import Finding, Severity

# Of a Prometheus without any of Cilium each component has a reason of its own.
NOTHING = "no-cilium"
EDITED = "edited-object"  # how a deeper condition came about


def deepest(cause: str, diagnosis: Diagnosis, query: ExecutedQuery, seen: Observation) -> tuple[str, Diagnosis]:
    """The cause and diagnosis, or those of the deepest condition that explains them."""
    subjects = diagnosis.subjects or query.components
    if cause == NOTHING and all(map(is_optional, query.components)):
        subjects = frozenset(components())  # nothing else would name them
    for condition in _in_order(seen.conditions):
        if cause in pages()[condition.cause].EXPLAINS and condition.subjects & subjects:
            why = "\n".join(filter(None, (condition.why, f"{diagnosis.what}: {diagnosis.why}".rstrip(": "))))
            severity = Severity.WARNING if diagnosis.severity == Severity.INFO else diagnosis.severity
            deep = replace(diagnosis, what=condition.what, why=why, fix=condition.fix, severity=severity, items=())
            return condition.cause, deep
    return cause, diagnosis


def alone(conditions: Collection[Condition], named: Iterable[Finding], seen: Observation) -> Iterator[Finding]:
    """Findings for the conditions that explain no panel; `named` are findings that there are already.

    What keeps a target away is no finding where Prometheus has that component all the same: by annotations, say, or a
    PodMonitor.
    """
    known = {(finding.rule, finding.what) for finding in named}
    explained = {
        subject
        for condition in conditions
        if (condition.cause, condition.what) in known
        for subject in condition.subjects
    }
    for condition in _in_order(conditions):
        severity = pages()[condition.cause].ALONE
        is_explained = condition.cause == EDITED and condition.subjects and condition.subjects <= explained
        is_new = (condition.cause, condition.what) not in known
        if severity and is_new and not is_explained and not _is_moot(condition, seen):
            yield Finding(condition.cause, severity, condition.what, condition.why, condition.fix)


def _is_moot(condition: Condition, seen: Observation) -> bool:
    """Whether it is only about targets, and all components that it is about are scraped."""
    explains = pages()[condition.cause].EXPLAINS
    needed = {name for name in condition.subjects if name not in components() or not is_optional(name)}
    scraped = {name for name in seen.components if all(target.is_up for target in seen.targets_of(name))}
    return bool(explains) and explains <= NO_TARGET | FAILED_SCRAPE and needed <= scraped


def _in_order(conditions: Iterable[Condition]) -> list[Condition]:
    order = {name: number for number, name in enumerate(pages())}
    return sorted(conditions, key=lambda condition: order[condition.cause])
