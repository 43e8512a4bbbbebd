"""Planning an upgrade of a release that is there: is it the same chart, what was edited by hand, what is lost."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from dashboards_py.cluster import remedies
from dashboards_py.cluster.changes import WORKLOADS, ObjectChange, changes
from dashboards_py.cluster.charts import Charts
from dashboards_py.cluster.edits import HandEdit, hand_edits, refuse_hand_edits
from dashboards_py.cluster.lost import Lost, lost_parts, refuse_replaced
from dashboards_py.cluster.options import Options
from dashboards_py.cluster.provenance import foreign_objects, refuse_foreign_chart
from dashboards_py.cluster.state import State
from dashboards_py.cluster.steps.notice import Notice
from dashboards_py.errors import Remedy
from dashboards_py.kubernetes import HelmRelease, Json


@dataclass(frozen=True, slots=True)
class Rendered:
    """A release before and after an upgrade: `manifest` is installed, `before` what its chart renders of it again."""

    manifest: Sequence[Json]
    before: Sequence[Json]
    after: Sequence[Json]
    edits: tuple[HandEdit, ...]

    @property
    def changes(self) -> tuple[ObjectChange, ...]:
        """What the upgrade changes; where manifest and `before` differ is chance."""
        return changes(self.before, self.manifest, self.after)


def lost(state: State, release: HelmRelease) -> tuple[Lost, ...]:
    """What Helm rendered for a release and the cluster no longer has."""
    name = release.qualified_name
    return lost_parts(state.manifests.get(name, ()), state.live.get(name, ()), state.scaled)


def prepare_upgrade(
    state: State, options: Options, charts: Charts, release: HelmRelease, values: Mapping[str, Any]
) -> Rendered:
    """Render the upgrade of a release to the values.

    Another chart than the one that is installed, and what was edited by hand (unless it is to be taken over), raise
    ProblemsFound.
    """
    manifest, live = state.manifests[release.qualified_name], state.live[release.qualified_name]
    own = state.values.get(release.qualified_name, {})
    render = partial(charts.render, release, own)
    before = render(state.kubernetes)
    if not options.replace_chart:
        foreign = foreign_objects(manifest, before, render, state.kubernetes)
        refuse_foreign_chart(release, foreign, charts.source(release))
    after = charts.render(release, values, state.kubernetes)
    edits = hand_edits(after, live)
    refuse_replaced(lost(state, release))
    if not options.take_over:
        refuse_hand_edits(edits)
    return Rendered(manifest, before, after, edits)


def overwritten(edits: Sequence[HandEdit]) -> tuple[str, ...]:
    """A line for each object whose edits an upgrade overwrites."""
    by_object: dict[str, list[str]] = {}
    for edit in edits:
        by_object.setdefault(f"{edit.object_name}: overwrites what {edit.manager} set", []).append(edit.field)
    return tuple(f"{head}: {', '.join(fields)}" for head, fields in by_object.items())


def rewritten_pods(gone: Sequence[Lost], edits: Sequence[HandEdit]) -> tuple[tuple[str, str], ...]:
    """Kind and name of the workloads whose pods restart because the upgrade undoes what was done to their template."""
    parts: tuple[Lost | HandEdit, ...] = (*gone, *edits)
    templates = (part for part in parts if part.kind in WORKLOADS and part.field.startswith(".spec.template"))
    return tuple(sorted({(part.kind, part.name) for part in templates}))


def change_lines(rendered: Rendered, gone: Sequence[Lost]) -> tuple[str, ...]:
    """A line for each object that the upgrade changes, and for each workload that restarts for another reason."""
    changed = {(change.kind, change.name) for change in rendered.changes if change.restarts}
    others = (pair for pair in rewritten_pods(gone, rendered.edits) if pair not in changed)
    return (*map(str, rendered.changes), *(f"{kind} {name}: its pods restart" for kind, name in others))


def edited_but_left(state: State, release: HelmRelease) -> tuple[Notice, ...]:
    """What somebody edited by hand in objects of a release that needs no upgrade: it is left, and said."""
    edits = hand_edits(state.manifests.get(release.qualified_name, ()), state.live.get(release.qualified_name, ()))
    if not edits:
        return ()
    text = f"Helm release {release.qualified_name}: edited by hand, and left alone"
    details = tuple(f"{edit.object_name}: {edit.manager} set {edit.field}" for edit in edits)
    return (Notice(text=text, details=details, remedies=(Remedy(remedies.TAKE_OVER),), problem=True),)
