"""The state of a metric on a release, with the reason and a fix, for someone who looks at an empty panel."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from dashboards_py.catalog.lookup import entries, fits, names, split, suggest
from dashboards_py.catalog.metric import Metric
from dashboards_py.release import RELEASES, Release


class State(StrEnum):
    """The state of a metric on a release; EXPORTED assumes that the component's metrics are enabled."""

    EXPORTED = "exported"
    OFF = "off by default"
    CONDITIONAL = "conditional"
    NEVER_SET = "never written"
    REMOVED = "removed"
    NOT_YET = "not yet"
    NEVER_EXISTED = "never existed"


@dataclass(frozen=True, slots=True)
class Status:
    """The result of a look-up of `name`. `metric` is None if no component ever had it; `fix` is "" if there is none.

    `replaced_by` are the series to use instead; if they exist on other releases only, `fix` names those.
    """

    name: str
    metric: Metric | None
    release: Release
    state: State
    reason: str
    fix: str = ""
    replaced_by: tuple[str, ...] = ()

    @property
    def present(self) -> bool:
        """True if the release has it, even if it is off by default or needs a feature."""
        return self.state in (State.EXPORTED, State.OFF, State.CONDITIONAL)


@cache
def status(name: str, release: Release) -> tuple[Status, ...]:
    """The status of a metric or series name on a release, for each component that ever had it; never empty."""
    suffix = split(name)[1]
    return tuple(_status_of(name, suffix, metric, release) for metric in entries(name)) or (_unknown(name, release),)


def _status_of(name: str, suffix: str, metric: Metric, release: Release) -> Status:
    successors = tuple(other + suffix if entries(other + suffix) else other for other in metric.replaced_by)
    if metric.never_existed:
        reason = "Cilium's documentation lists it, but no release exposes it."
        return Status(name, metric, release, State.NEVER_EXISTED, reason, _use_instead(successors, release), successors)
    if metric.since and release < metric.since:
        predecessors = _predecessors(metric, suffix, release)
        reason = f"{metric.component} has it since {metric.since}."
        return Status(name, metric, release, State.NOT_YET, reason, _use_instead(predecessors, release), predecessors)
    if metric.removed and release >= metric.removed:
        reason = f"Removed in {metric.removed}: {metric.component} no longer has it."
        return Status(name, metric, release, State.REMOVED, reason, _use_instead(successors, release), successors)
    if not fits(metric, suffix, release):
        return _other_type(name, metric, release)
    if metric.defined_but_never_set.on(release):
        reason = f"{metric.component} {release} defines it, but no code writes it: it has no samples."
        return Status(name, metric, release, State.NEVER_SET, reason, _use_instead(successors, release), successors)
    return Status(name, metric, release, *_switches(metric, release))


def _switches(metric: Metric, release: Release) -> tuple[State, str, str]:
    """The state, reason and fix of a metric that the release defines and sets."""
    missing = [feature for feature in metric.features_on(release) if not feature.default]
    waits = " and ".join(feature.when for feature in missing)
    fix = " ".join(filter(None, (feature.fix_on(release) for feature in missing)))
    if metric.handler:
        reason = f"Hubble writes it only with the handler {metric.handler}."
        return State.OFF, reason, f"Add {metric.handler} to hubble.metrics.enabled."
    if metric.component == "hubble" and missing:
        return State.CONDITIONAL, f"Hubble has it only when {waits}.", fix
    if metric.off.on(release):
        reason = f"{metric.component} leaves it out by default" + (
            f", and writes it only when {waits}." if waits else "."
        )
        if metric.component != "cilium-agent":
            return State.OFF, f"{reason} No Helm value turns it on.", ""
        return State.OFF, reason, f"Add +{metric.switch_on(release)} to prometheus.metrics. {fix}".rstrip()
    if missing:
        return State.CONDITIONAL, f"{metric.component} has it only when {waits}.", fix
    conditions = " and ".join(feature.when for feature in metric.features_on(release))
    return (
        State.EXPORTED,
        f"{metric.component} has it" + (f" as long as {conditions}, as by default." if conditions else "."),
        "",
    )


def _other_type(name: str, metric: Metric, release: Release) -> Status:
    """The status of a histogram's series on a release on which the metric has another type."""
    kind, plain = metric.type_on(release), (metric.name,)
    later = [candidate for candidate in metric.releases if candidate > release and name in metric.series_on(candidate)]
    if later:
        reason = f"{metric.name} is a {kind} on {release} and a {metric.type_on(later[0])} since {later[0]}."
        return Status(name, metric, release, State.NOT_YET, reason, _use_instead(plain, release), plain)
    since = next(candidate for candidate in metric.releases if metric.type_on(candidate) == kind)
    reason = f"{metric.name} is a {kind} since {since}, no longer a {metric.type_on(metric.releases[0])}."
    return Status(name, metric, release, State.REMOVED, reason, _use_instead(plain, release), plain)


# Names before 1.16, the oldest release here, that many boards still have. Since 1.6 the label `rule` of another metric
# has them (its upgrade notes, "Deprecated metrics"); 1.15 removed them (cilium/cilium#27863).
L7_POLICY = "cilium_policy_l7_total"
OLDER_NAMES = {
    f"cilium_policy_l7_{rule}_total": f'{L7_POLICY}{{rule="{rule}"}}'
    for rule in ("received", "forwarded", "denied", "parse_errors")
}


def _unknown(name: str, release: Release) -> Status:
    if name in OLDER_NAMES:
        reason = f"No component of Cilium {RELEASES[0]} to {RELEASES[-1]} exposes it: it became a value of a label."
        return Status(name, None, release, State.NEVER_EXISTED, reason, f"Use {OLDER_NAMES[name]}.", (L7_POLICY,))
    for suffix in ("_bucket", "_sum", "_count"):
        for metric in entries(name.removesuffix(suffix)) if name.endswith(suffix) else ():
            reason = f"{metric.name} is a {metric.type_on(release)}: it has no {suffix}."
            return Status(name, None, release, State.NEVER_EXISTED, reason, f"Use {metric.name}.", (metric.name,))
    close = suggest(name)
    reason = f"No component of Cilium {RELEASES[0]} to {RELEASES[-1]} exposes a metric of this name."
    return Status(
        name, None, release, State.NEVER_EXISTED, reason, f"Did you mean {' or '.join(close)}?" if close else ""
    )


def _predecessors(metric: Metric, suffix: str, release: Release) -> tuple[str, ...]:
    """The series on an older release that the metric replaced."""
    return tuple(
        old.name + suffix
        for name in names()
        for old in entries(name)
        if metric.name in old.replaced_by and old.component == metric.component
        if old.exists_on(release) and fits(old, suffix, release)
    )


def _use_instead(others: tuple[str, ...], release: Release) -> str:
    """A sentence that names the series to use, with their first release if `release` lacks them."""
    texts = []
    for successor in others:
        releases = [candidate for metric in entries(successor) for candidate in metric.releases]
        late = f" (from {min(releases)})" if releases and release not in releases else ""
        texts.append(successor + late)
    return f"Use {' and '.join(texts)}." if texts else ""
