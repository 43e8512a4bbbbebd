"""Problems of the keep and drop rules in a user's values: names that Cilium lacks, series that panels read."""

from collections.abc import Iterator
from dataclasses import dataclass

from dashboards_py.catalog import RELEASES, Release, entries, status, suggest
from dashboards_py.values.keep import Read, invalid, listed_names, starved
from dashboards_py.values.keep_labels import lost_by_label
from dashboards_py.values.keys import Values

OWN = ("cilium_", "hubble_")  # the catalogue has all names with these prefixes, and not all of Envoy


@dataclass(frozen=True, slots=True)
class RuleProblem:
    """A name in a rule, or one that a rule drops, and what is wrong; `panels` are those that read it.

    Without a name it is the rule itself that is wrong.
    """

    rule: str
    name: str
    why: str
    panels: tuple[str, ...] = ()


def check_rules(user_values: Values, read: Read, release: Release) -> Iterator[RuleProblem]:
    """The problems of the rules: what is no rule, then names that nothing has, then series that boards read."""
    for rule, why in invalid(user_values):
        yield RuleProblem(rule, "", why)
    for rule, component, name in listed_names(user_values):
        if why := _why_missing(name, component.name, release):
            yield RuleProblem(rule, name, why)
    for item in starved(read, user_values, with_ours=True):
        yield from (RuleProblem(item.rule, series, "is dropped", panels) for series, panels in item.series.items())
    for rule, why, lost in lost_by_label(read, user_values, release):
        yield from (RuleProblem(rule, series, why, panels) for series, panels in lost.items())


def _why_missing(name: str, component: str, release: Release) -> str:
    """Why the component does not expose a name on the release: wrong, of another component, or gone; "" if it does."""
    known = entries(name)
    if not known and not name.startswith(OWN):
        return ""
    if not known:
        close = ", ".join(suggest(name))
        return "exists in no release" + (f"; did you mean {close}?" if close else "")
    own = [metric for metric in known if metric.component == component]
    if not own:
        others = ", ".join(sorted({metric.component for metric in known}))
        return f"is not exposed by {component}, but by {others}"
    if any(metric.exists_on(release) for metric in own):
        return ""
    reasons = [item.reason for item in status(name, release) if item.metric in own and item.reason]
    on = ", ".join(str(other) for other in RELEASES if any(metric.exists_on(other) for metric in own))
    return reasons[0].rstrip(".") if reasons else f"is not on {release}, but on {on}"
