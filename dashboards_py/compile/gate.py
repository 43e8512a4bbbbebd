"""Release gating: what a release of Cilium cannot answer is left out, with the reason."""

from collections.abc import Sequence
from dataclasses import dataclass

from dashboards_py import promql
from dashboards_py.catalog import FOREIGN, Release, Status, entries, status, suggest
from dashboards_py.errors import DashboardsError


@dataclass(frozen=True, slots=True)
class Omission:
    """Something the compiler left out on a release. `expr` is None where a whole panel or row went."""

    board: str
    row: str
    panel: str
    expr: str | None
    reason: str


def statuses(selector: promql.Selector, release: Release) -> tuple[Status, ...]:
    """What the catalogue says of the selector's metric, for the workloads that the selector means.

    A name that several workloads share is told apart by `pod=~` with the pattern of a component. A name that nobody
    knows raises DashboardsError; a foreign name (`up`) has no status.
    """
    if not entries(selector.metric):
        if not selector.metric or selector.metric in FOREIGN:
            return ()
        close = ", ".join(suggest(selector.metric))
        raise DashboardsError(
            f"metric {selector.metric}",
            cause="is neither in the catalogue nor a known foreign name",
            fix=f"did you mean {close}?" if close else "add it to dashboards_py/catalog/ or correct the query",
        )
    return meant(selector, status(selector.metric, release))


def meant(selector: promql.Selector, found: tuple[Status, ...]) -> tuple[Status, ...]:
    """Of a name's statuses, those of the components whose pods the selector matches; all where it tells none apart."""
    pods = [matcher.value for matcher in selector.matchers if matcher.label == "pod" and matcher.op in ("=~", "=")]
    return tuple(each for each in found if each.metric and any(map(each.metric.exposed_by.has_pods, pods))) or found


def absence(selector: promql.Selector, release: Release) -> str | None:
    """Why the selector can return nothing on this release, or None where it can."""
    found = statuses(selector, release)
    if not found or any(each.present for each in found):
        return None
    return f"{selector.metric}: {found[0].reason.rstrip('.')}"


def reasons(expr: str, release: Release) -> Sequence[str]:
    """Why the query cannot live on this release; empty where it can."""
    missing = {selector: why for selector in promql.selectors(expr) if (why := absence(selector, release))}
    if not missing or promql.survives(expr, lambda selector: selector in missing):
        return ()
    return tuple(dict.fromkeys(missing.values()))


def scope(selector: promql.Selector, release: Release, variables: frozenset[str]) -> tuple[promql.Matcher, ...]:
    """The matchers that tie a selector to the board's variables: `cluster`, and `node` where its series carry it."""
    if not entries(selector.metric):
        return ()
    nodes = all(each.metric is not None and each.metric.exposed_by.has_node for each in statuses(selector, release))
    wanted = [label for label in ("cluster", "node") if label in variables and (label != "node" or nodes)]
    return tuple(promql.Matcher(label, "=~", f"${label}") for label in wanted)
