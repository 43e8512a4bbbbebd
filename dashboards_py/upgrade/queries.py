"""What an upgrade changes in one query."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from dashboards_py import promql
from dashboards_py.catalog import split
from dashboards_py.promql import Outcome, Selector
from dashboards_py.queries import exposes_native
from dashboards_py.upgrade.change import Change, Effect, Step
from dashboards_py.upgrade.doubts import doubts
from dashboards_py.upgrade.reading import NOTHING_ELSE, Reading, World, labels_of, read_on
from dashboards_py.upgrade.selectors import selector_changes


@dataclass(frozen=True, slots=True)
class QueryChanges:
    """The best result of a query before and after, and the changes."""

    before: Outcome
    after: Outcome
    changes: tuple[Change, ...]

    @property
    def dies(self) -> bool:
        """True if it had data, and no longer has."""
        return self.before is Outcome.DATA and self.after is not Outcome.DATA


def query_changes(expr: str, step: Step, world: World = NOTHING_ELSE) -> QueryChanges | None:
    """The changes of a query; None if it cannot be parsed or reads nothing."""
    before, after = (read_on(expr, release, world) for release in (step.before, step.after))
    if before is None or after is None:
        return None
    broken = _broken_joins(expr, step, before, after)
    outcome = (
        promql.outcome(expr, lambda selector: selector in after.absent, broken.keys()) if broken else after.outcome
    )
    changes = tuple(dict.fromkeys(_changes(expr, step, before, replace(after, outcome=outcome), broken)))
    return QueryChanges(before.outcome, outcome, changes)


def _broken_joins(expr: str, step: Step, before: Reading, after: Reading) -> dict[int, frozenset[str]]:
    """The operations of the query that match their sides by all labels, of which one side gained or lost some."""
    old = promql.unequal_sides(expr, labels_of(before, step.before))
    new = promql.unequal_sides(expr, labels_of(after, step.after))
    return {number: labels for number, labels in enumerate(new) if labels and not old[number]}


def _changes(
    expr: str, step: Step, before: Reading, after: Reading, broken: Mapping[int, frozenset[str]]
) -> Iterator[Change]:
    newly = {selector: absence for selector, absence in after.absent.items() if selector not in before.absent}
    if before.outcome is not Outcome.DATA:
        return  # it was empty before
    if after.outcome is not Outcome.DATA:
        effect = Effect.EMPTY if after.outcome is Outcome.NOTHING else Effect.CONSTANT
        for labels in broken.values():
            named = ", ".join(sorted(labels))
            why = f"one side of an operation has {named} on {step.after} and the other has not: no series match"
            yield Change(effect, named, why, f"Compare them with `ignoring ({named})`, or aggregate both sides.")
        by_subject = {absence.what: absence for absence in reversed(newly.values())}
        yield from (Change(effect, one.what, one.why, one.fix) for one in reversed(by_subject.values()))
        return
    for selector, absence in newly.items():
        excludes, is_awaited = "unless" in selector.functions, not promql.ABSENT.isdisjoint(selector.functions)
        if excludes != is_awaited:  # of both, see `doubts`
            then = "`absent` always has a result" if is_awaited else "`unless` excludes nothing any more"
            yield Change(Effect.MEANING, absence.what, f"{absence.why.rstrip('.')}, so that {then}.", absence.fix)
    for old, new in zip(before.selectors, after.selectors, strict=True):
        if old.selector not in before.absent and new.selector not in after.absent:
            yield from selector_changes(old, new, step)
    yield from _label_changes(expr, step, before, after)
    yield from _native_histograms(expr, step)
    yield from doubts(expr, step, before, after)


def _label_changes(expr: str, step: Step, before: Reading, after: Reading) -> Iterator[Change]:
    """Groupings and joins on labels that are gone, and labels that results lose or gain."""
    old, new = labels_of(before, step.before), labels_of(after, step.after)
    known = {(missing.what, missing.labels) for missing in promql.missing_labels(expr, old)}
    lost = [missing for missing in promql.missing_labels(expr, new) if (missing.what, missing.labels) not in known]
    for missing in lost:
        why = f"{missing.what}: {missing.where} {', '.join(missing.labels)} on {step.after}"
        yield Change(Effect.LABELS, ", ".join(missing.labels), why)
    tree = promql.parse(expr)
    labels_before, labels_after = promql.output_labels(tree, old), promql.output_labels(tree, new)
    if labels_before is None or labels_after is None:
        return
    named = {label for missing in lost for label in missing.labels}
    if lost_labels := sorted(labels_before - labels_after - named):
        listed = ", ".join(lost_labels)
        yield Change(Effect.LABELS, listed, f"its series no longer have {listed} on {step.after}")
    if gained := sorted(labels_after - labels_before):
        why = f"its series also have {', '.join(gained)} on {step.after}: one line may become several"
        fix = f"Aggregate without them: `sum without ({', '.join(gained)}) (...)`."
        yield Change(Effect.LABELS, ", ".join(gained), why, fix)


def _native_histograms(expr: str, step: Step) -> Iterator[Change]:
    """Classic histograms that the release also exposes natively, in a query that reads nothing else."""

    def turns_native(selector: Selector) -> bool:
        name, suffix = split(selector.metric)
        return bool(suffix) and exposes_native(name, step.after) and not exposes_native(name, step.before)

    if promql.outcome(expr, turns_native) is Outcome.DATA:
        return
    native = (split(selector.metric)[0] for selector in promql.selectors(expr) if turns_native(selector))
    for name in dict.fromkeys(native):
        why = (
            f"{step.after} also exposes it as a native histogram: a Prometheus that scrapes these stores no _bucket, "
            "_sum and _count, and this query has no data"
        )
        yield Change(Effect.TYPE, name, why, "Read both kinds, or leave scrape_native_histograms off.")
