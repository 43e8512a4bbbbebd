"""partial-label: some clusters or nodes are missing when one is chosen, a label is on half of the series

Some targets of Cilium have a label, such as `cluster`, and others do not: a relabeling or external label that is set in
one place only. Choosing a value hides the others, and joins lose them.

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


def explain(query: ExecutedQuery, seen: Observation) -> Diagnosis | None:
    """A label that the query reads is on some targets of its component, or of all of Cilium, only."""
    for label in LABELS:
        if label not in query.labels or not query.components:
            continue
        names = set(query.components) if label == "node" else {target.component for target in seen.targets}
        targets = _pods(names, label, seen)
        having = sum(bool(target.labels.get(label)) for target in targets)
        if having and having < len(targets) and not (label == "node" and len(query.components) > 1):
            name = seen.label(label)
            what = f"label {name} is on {having} of {counted(len(targets), 'target')}" + (
                "" if label == "cluster" else f" of {', '.join(sorted(names))}"
            )
            without = next(target for target in targets if not target.labels.get(label))
            fix = f"set {name} for all targets, or for none"
            return Diagnosis(what, f"{without.name} does not have it", fix, Severity.WARNING, is_final=False)
    return None


def _pods(names: set[str], label: str, seen: Observation) -> list[ScrapeTarget]:
    """Targets of components, those of a pod that is scraped twice once."""
    listed = (target for target in seen.targets if target.component in names)
    return one_of_each_pod(listed, lambda target: bool(target.labels.get(label)))
