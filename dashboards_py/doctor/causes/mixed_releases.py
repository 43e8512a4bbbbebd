"""mixed-releases: some nodes miss panels during an upgrade, panels show half of the nodes

Agents of different releases of Cilium run at once: during a rollout, or since one got stuck. Metrics that only one of
the releases has are there for some nodes only.

Finish the upgrade: `kubectl rollout status -n kube-system ds/cilium`. Until then use boards that suit both releases.
"""

from dashboards_py.catalog import RELEASES
from dashboards_py.doctor.causes._cause import Diagnosis
from dashboards_py.doctor.causes._targets import namespace_of
from dashboards_py.doctor.executed import ExecutedQuery
from dashboards_py.doctor.observation import Observation
from dashboards_py.findings import Severity

ORDER = 60


def explain(query: ExecutedQuery, seen: Observation) -> Diagnosis | None:
    """The query reads a metric that only some of the running releases have, or another reading of it."""
    running = sorted({release for release in RELEASES for version in seen.versions if _is(version, str(release))})
    if len(running) < 2 or "cilium-agent" not in query.components:
        return None
    counted = ", ".join(f"{count} of {version}" for version, count in sorted(seen.versions.items()))
    namespace = namespace_of("cilium-agent", seen)
    fix = f"finish the upgrade: kubectl rollout status -n {namespace} ds/cilium"
    what = f"agents of {' and '.join(map(str, running))} run at once"
    return Diagnosis(what, f"cilium_version: {counted}", fix, Severity.WARNING, is_final=False)


def _is(version: str, release: str) -> bool:
    return version.removeprefix("v").startswith(f"{release}.")
