"""Queries that may have data after an upgrade or none: the catalogue cannot tell which series there are.

The catalogue knows what Cilium can expose. Where more of it empties a query (`absent`, `unless`, a matcher that selects
series without a label, a join that finds two series), this is reported, instead of nothing.
"""

from collections.abc import Iterator
from typing import Any

from dashboards_py import promql
from dashboards_py.promql import Outcome, Selector
from dashboards_py.upgrade.change import Change, Effect, Step
from dashboards_py.upgrade.reading import Reading, labels_of, without_label


def doubts(expr: str, step: Step, before: Reading, after: Reading) -> Iterator[Change]:
    """The reasons why a query that had data, and may have, may have none."""
    yield from _joins(expr, step, before, after)
    if _worst(expr, before, set()) is not Outcome.DATA:
        return  # as before the upgrade
    reasons = {**_rejected(step, before, after), **_new(step, before, after), **_removed(step, before, after)}
    alone = {
        selector: change for selector, change in reasons.items() if _worst(expr, after, {selector}) is not Outcome.DATA
    }
    if not alone and _worst(expr, after, {*reasons}) is not Outcome.DATA:
        alone = reasons
    yield from dict.fromkeys(alone.values())


def _worst(expr: str, reading: Reading, doubtful: set[Selector]) -> Outcome:
    """The result if what is doubtful is as bad as it can be: selectors of `absent` and `unless` have series."""
    bad = {selector for selector in doubtful if not _empties(selector)}
    return promql.worst_outcome(
        expr, lambda selector: selector in reading.absent or selector in bad, lambda selector: selector in doubtful
    )


def _empties(selector: Selector) -> bool:
    """True if series of the selector may empty the query."""
    return "unless" in selector.functions or not promql.ABSENT.isdisjoint(selector.functions)


def _new(step: Step, before: Reading, after: Reading) -> dict[Selector, Change]:
    """Selectors that find series afterwards only, in `absent` or to the right of `unless`."""
    return {
        selector: _change(selector.metric, f"{selector.metric}, which {step.before} does not have")
        for selector in before.absent
        if selector not in after.absent and _empties(selector)
    }


def _removed(step: Step, before: Reading, after: Reading) -> dict[Selector, Change]:
    """Selectors in `absent` that found series before only."""
    return {
        selector: _change(selector.metric, f"`absent` of {selector.metric}, which {step.after} does not have")
        for selector in after.absent
        if selector not in before.absent and not promql.ABSENT.isdisjoint(selector.functions)
    }


def _rejected(step: Step, before: Reading, after: Reading) -> dict[Selector, Change]:
    """Selectors of series without a label that all of them, or some, have afterwards."""
    rejected = {}
    for old, new in zip(before.selectors, after.selectors, strict=True):
        for matcher, _ in without_label(new, step.after):
            known = any(matcher.label in metric.possible_labels_on(step.before) for metric in old.metrics)
            if new.selector and new.selector not in after.absent and not known:
                what = f"{new.name}, which has the label {matcher.label} there: {matcher} selects series without it"
                rejected[new.selector] = _change(matcher.label, what, "Leave the matcher out, or name values.")
    return rejected


def _joins(expr: str, step: Step, before: Reading, after: Reading) -> Iterator[Change]:
    old, new = labels_of(before, step.before), labels_of(after, step.after)

    def gained(node: Any) -> frozenset[str]:
        labels_before, labels_after = promql.output_labels(node, old), promql.output_labels(node, new)
        return frozenset() if labels_before is None or labels_after is None else labels_after - labels_before

    for operation, labels in promql.multiplied_sides(expr, gained):
        named = ", ".join(sorted(labels))
        what = f"the sides of `{operation}`, of which one also has {named} on {step.after}: Prometheus refuses several"
        fix = f"Aggregate that side: `sum without ({named}) (...)`."
        yield _change(named, f"{what} series where it found one", fix)


def _change(what: str, why: str, fix: str = "") -> Change:
    return Change(Effect.NOT_TOLD, what, f"It depends on {why}.", fix)
