"""partial-label: some clusters or nodes are missing when one is chosen, a label is on half of the series

Some targets of Cilium have a label, such as `cluster`, and others do not: a relabeling or external label that is set in
one place only. Choosing a value hides the others, and joins lose them. Of several clusters in one Prometheus those that
have no target of the component are reported, or the first if each has some.

Set it for all of them, or for none.
"""

from dashboards_py.doctor.causes._cause import Diagnosis
from dashboards_py.doctor.duplicates import one_of_each_pod
from dashboards_py.doctor.executed import ExecutedQuery
from dashboards_py.doctor.observation import Observation, ScrapeTarget
from dashboards_py.findings import Severity
from dashboards_py.plural import counted

ORDER = 46
LABELS = ("cluster", "node")
WHERE = "in the relabelings of the ServiceMonitors or scrape jobs"


def explain(query: ExecutedQuery, seen: Observation) -> Diagnosis | None:
    """The labels that the query reads and that are on some targets of its component, or of all of Cilium, only.

    Of several clusters, targets without their label are in none of them.
    """
    for component in sorted(query.components):
        if targets := one_of_each_pod((one for one in seen.unlabelled if one.component == component), _has_no_state):
            return _in_no_cluster(targets, query, seen)
    partial = {label: text for label in LABELS if (text := _partial(label, query, seen))}
    if not partial:
        return None
    what, why = ("; ".join(parts) for parts in zip(*partial.values(), strict=True))
    fix = f"set {' and '.join(map(seen.label, partial))} for all targets, or for none, {WHERE}"
    return Diagnosis(what, why, fix, Severity.WARNING, is_final=False)


def _has_no_state(_: ScrapeTarget) -> bool:
    return False


def _in_no_cluster(targets: list[ScrapeTarget], query: ExecutedQuery, seen: Observation) -> Diagnosis:
    component, label = targets[0].component, seen.label("cluster")
    is_lost = query.is_empty and component not in seen.components
    what = f"{component}: {counted(len(targets), 'target has', 'targets have')} no label {label}"
    why = f"{targets[0].name} does not have it, so that it is in no cluster, and others have it"
    severity = Severity.ERROR if is_lost else Severity.WARNING
    about = frozenset({component})
    return Diagnosis(what, why, f"set {label} for all targets {WHERE}", severity, is_final=is_lost, subjects=about)


def _partial(label: str, query: ExecutedQuery, seen: Observation) -> tuple[str, str] | None:
    """How many targets have the label, and one that does not; None if the query does not need it, or it is on all."""
    if label not in query.labels or not query.components or (label == "node" and len(query.components) > 1):
        return None
    names = set(query.components) if label == "node" else {target.component for target in seen.targets}
    targets = _pods(names, label, seen)
    without = [target for target in targets if not target.labels.get(label)]
    if len(without) in (0, len(targets)):
        return None
    having = f"{len(targets) - len(without)} of {counted(len(targets), 'target')}"
    of_components = "" if label == "cluster" else f" of {', '.join(sorted(names))}"
    return f"label {seen.label(label)} is on {having}{of_components}", f"{without[0].name} does not have it"


def _pods(names: set[str], label: str, seen: Observation) -> list[ScrapeTarget]:
    """Targets of components, those of a pod that is scraped twice once."""
    listed = (target for target in seen.targets if target.component in names)
    return one_of_each_pod(listed, lambda target: bool(target.labels.get(label)))
