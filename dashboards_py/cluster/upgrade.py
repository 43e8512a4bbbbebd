"""Planning the upgrade of a release: whether the chart is the same, and which objects were edited or lost."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from dashboards_py.cluster.changes import WORKLOADS, ObjectChange, changes
from dashboards_py.cluster.charts import Charts
from dashboards_py.cluster.drift import Drift, ObjectKey, conflicting_edits, drift, edited, lost
from dashboards_py.cluster.managed_fields import programs_with_helm
from dashboards_py.cluster.options import Options
from dashboards_py.cluster.provenance import foreign_objects, refuse_foreign_chart
from dashboards_py.cluster.refuse import refuse_edits, refuse_replaced
from dashboards_py.cluster.state import State
from dashboards_py.cluster.steps.notice import Notice
from dashboards_py.kubernetes import Json
from dashboards_py.kubernetes.conflict import by_hand
from dashboards_py.kubernetes.gitops import overwrite_remedy
from dashboards_py.kubernetes.helm import HelmRelease


@dataclass(frozen=True, slots=True)
class Rendered:
    """A release before and after an upgrade; `manifest` is installed, `before` a new rendering of the same values.

    `edits` are those by hand that the upgrade overwrites; `seen` are all fields of others when it was planned.
    """

    manifest: Sequence[Json]
    before: Sequence[Json]
    after: Sequence[Json]
    edits: tuple[Drift, ...]
    seen: tuple[Drift, ...]

    @property
    def changes(self) -> tuple[ObjectChange, ...]:
        """The changes of the upgrade, without those that are random: differences between `manifest` and `before`."""
        return changes(self.before, self.manifest, self.after)


def lost_parts(state: State, release: HelmRelease) -> tuple[Drift, ...]:
    """The objects and fields that Helm rendered for a release and that the cluster no longer has."""
    name = release.qualified_name
    return lost(drift(state.manifests.get(name, ()), state.live.get(name, ()), state.scaled))


def prepare_upgrade(
    state: State, options: Options, charts: Charts, release: HelmRelease, values: Mapping[str, Any]
) -> Rendered:
    """Render the upgrade of a release to the values.

    A chart other than the installed one raises ProblemsFound, and so do manual edits, unless they are to be taken over.
    """
    manifest, live = state.manifests[release.qualified_name], state.live[release.qualified_name]
    own = state.values.get(release.qualified_name, {})
    render = partial(charts.render, release, own)
    before = render(state.kubernetes)
    if not options.replace_chart:
        foreign = foreign_objects(manifest, before, render, state.kubernetes)
        refuse_foreign_chart(release, foreign, charts.source(release))
    after = charts.render(release, values, state.kubernetes)
    overwritten_fields = conflicting_edits(after, live, state.scaled)
    edits = _by_hand(overwritten_fields, live, drift(after, manifest))
    refuse_replaced(lost_parts(state, release))
    if not options.take_over:
        refuse_edits(edits)
    seen = dict.fromkeys((*overwritten_fields, *conflicting_edits(manifest, live, state.scaled)))
    return Rendered(manifest, before, after, edits, tuple(seen))


def _by_hand(edits: Sequence[Drift], live: Sequence[Json], changed: Sequence[Drift]) -> tuple[Drift, ...]:
    """The edits without fields that are as the release's own installer set them: the upgrade alone changes those.

    `changed` is what the upgrade renders differently from the installed manifest, whose value is `live` there.
    """
    programs = {ObjectKey.of(body): programs_with_helm(body) for body in live}
    installed = {(item.key.kind, item.key.name, item.field): item.live for item in changed if item.live is not None}
    return tuple(
        edit
        for edit in edits
        if not programs.get(edit.key, frozenset()).issuperset(edit.managers)
        or edit.live != installed.get((edit.key.kind, edit.key.name, edit.field))
    )


def overwritten(edits: Sequence[Drift]) -> tuple[str, ...]:
    """A line for each object whose edits an upgrade overwrites."""
    by_object: dict[str, list[str]] = {}
    for edit in edits:
        by_object.setdefault(f"{edit.key}: overwrites what {edit.manager} set", []).append(edit.field)
    return tuple(f"{head}: {', '.join(fields)}" for head, fields in by_object.items())


def rewritten_pods(lost_fields: Sequence[Drift], edits: Sequence[Drift]) -> tuple[tuple[str, str], ...]:
    """Kind and name of the workloads whose pods restart because the upgrade restores their template."""
    templates = [part.key for part in (*lost_fields, *edits) if part.field.startswith("spec.template")]
    return tuple(sorted({(key.kind, key.name) for key in templates if key.kind in WORKLOADS}))


def change_lines(rendered: Rendered, lost_fields: Sequence[Drift]) -> tuple[str, ...]:
    """A line for each object that the upgrade changes, and for each workload that restarts for another reason."""
    changed = {(change.kind, change.name) for change in rendered.changes if change.restarts}
    others = (pair for pair in rewritten_pods(lost_fields, rendered.edits) if pair not in changed)
    return (*map(str, rendered.changes), *(f"{kind} {name}: its pods restart" for kind, name in others))


def edited_but_left(state: State, release: HelmRelease) -> tuple[Notice, ...]:
    """A notice of manual edits in a release that needs no upgrade: they are left alone and reported."""
    name = release.qualified_name
    edits = edited(drift(state.manifests.get(name, ()), state.live.get(name, ()), state.scaled))
    if not edits:
        return ()
    text = f"Helm release {name}: edited, and left alone"
    details = tuple(f"{edit.key}: {edit.manager} set {edit.field}{by_hand(edit.manager)}" for edit in edits)
    remedy = overwrite_remedy([name for edit in edits for name in edit.managers])
    return (Notice(text=text, details=details, remedies=(remedy,), problem=True),)
