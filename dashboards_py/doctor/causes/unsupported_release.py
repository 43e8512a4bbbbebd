"""unsupported-release: panels are empty after an upgrade to a release that the boards do not know

Metrics and their labels change between releases of Cilium, and those of this release are not in the catalogue: causes
are looked for as if it were the newest known release.

Update these boards, or Cilium.
"""

from dashboards_py.catalog import RELEASES
from dashboards_py.doctor.causes._cause import Diagnosis
from dashboards_py.doctor.executed import ExecutedQuery
from dashboards_py.doctor.observation import Observation
from dashboards_py.findings import Severity
from dashboards_py.plural import counted

ORDER = 62


def explain(query: ExecutedQuery, seen: Observation) -> Diagnosis | None:
    """No agent, or not every agent, has a release of the catalogue."""
    unknown = seen.unknown_versions
    if not unknown or "cilium-agent" not in query.components:
        return None
    what = f"Cilium {unknown[0]} is not one of the releases that are supported"
    why = f"cilium_version of {counted(sum(seen.versions[version] for version in unknown), 'agent')}"
    fix = f"use Cilium {RELEASES[0]} to {RELEASES[-1]}, or newer boards"
    return Diagnosis(what, why, fix, Severity.WARNING, is_final=False)
