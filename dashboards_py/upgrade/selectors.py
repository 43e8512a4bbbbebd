"""What an upgrade changes in one selector that has series before and after."""

from collections.abc import Iterator

from dashboards_py.catalog import Metric, Release, State
from dashboards_py.promql import Matcher
from dashboards_py.queries import ResolvedSelector
from dashboards_py.upgrade.change import Change, Effect, Step


def selector_changes(old: ResolvedSelector, new: ResolvedSelector, step: Step) -> Iterator[Change]:
    """The changes of a selector, as resolved before and after."""
    yield from _switches(old, new, step)
    yield from _types(old, new, step)
    yield from _components(old, new, step)
    for metric in new.metrics:
        yield from _meaning(metric, step)
        yield from _values(metric, new, step)


def _switches(old: ResolvedSelector, new: ResolvedSelector, step: Step) -> Iterator[Change]:
    """What was there by default and now needs a value, and what another value enables from now on."""
    was_on = any(status.state is State.EXPORTED for status in old.statuses)
    if was_on and new.statuses and not any(status.state is State.EXPORTED for status in new.statuses):
        status = next(status for status in new.statuses if status.present)
        yield Change(Effect.SWITCH, old.name, f"{old.name}: {status.reason}", status.fix)
        return
    for metric in new.metrics:
        before, after = metric.enabled_by_on(step.before), metric.enabled_by_on(step.after)
        added = ", ".join(str(setting) for setting in after if setting not in before)
        dropped = ", ".join(str(setting) for setting in before if setting not in after)
        if added and dropped and metric in old.metrics:
            why = f"{old.name}: {step.after} enables it by {added}, no longer by {dropped}."
            yield Change(Effect.SWITCH, old.name, why, f"Set {added}.")


def _types(old: ResolvedSelector, new: ResolvedSelector, step: Step) -> Iterator[Change]:
    before = {metric.type_on(step.before) for metric in old.metrics}
    after = {metric.type_on(step.after) for metric in new.metrics}
    if before and after and before != after:
        why = f"{old.name} is a {' or '.join(sorted(after))} on {step.after}, on {step.before} a"
        yield Change(Effect.TYPE, old.name, f"{why} {' or '.join(sorted(before))}")


def _components(old: ResolvedSelector, new: ResolvedSelector, step: Step) -> Iterator[Change]:
    """Components that also have a metric of this name, so that the query adds them up."""
    before = {metric.component for metric in old.metrics}
    after = {metric.component: metric for metric in new.metrics}
    if before and (added := sorted(after.keys() - before)):
        pods = " or ".join(f'pod=~"{after[name].exposed_by.pod}"' for name in sorted(before & after.keys()))
        why = f"{', '.join(added)} also has {old.name} on {step.after}: the query reads both"
        yield Change(Effect.MEANING, old.name, why, f"Add {pods} to read the same as before." if pods else "")


def _meaning(metric: Metric, step: Step) -> Iterator[Change]:
    before, after = metric.meaning.on(step.before), metric.meaning.on(step.after)
    if before != after:
        yield Change(Effect.MEANING, metric.name, f"{metric.name} counts {after} on {step.after}, before: {before}")


def _values(metric: Metric, resolved: ResolvedSelector, step: Step) -> Iterator[Change]:
    """Values that a matcher selected and that are gone, while it still selects others."""
    for matcher in resolved.selector.matchers if resolved.selector else ():
        before, after = (_accepted(metric, matcher, release) for release in (step.before, step.after))
        removed = ", ".join(value for value in before if value not in after)
        if removed and after:
            why = f"{resolved.name}: {matcher} no longer matches {removed}, which {step.after} does not have"
            if added := ", ".join(value for value in after if value not in before):
                why = f"{resolved.name}: {matcher} matches {added} on {step.after}, on {step.before} {removed}"
            yield Change(Effect.VALUES, f"{resolved.name} {matcher.label}", why)


def _accepted(metric: Metric, matcher: Matcher, release: Release) -> tuple[str, ...]:
    """The known values of its label that a matcher names; () if it excludes values, or a variable decides."""
    if matcher.op not in ("=", "=~"):
        return ()
    return tuple(value for value in metric.values_on(matcher.label, release) if matcher.accepts(value))
