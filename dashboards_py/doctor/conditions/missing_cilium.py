"""missing-cilium: there is no Cilium in this cluster, or no Helm release of it

The context is that of another cluster, Cilium is not installed, or something else than Helm manages it.

Choose the cluster with `--context`. Where Argo CD, Flux or a cloud manages Cilium, set the values there.
"""

from dashboards_py.findings import Severity

ORDER = 5
EXPLAINS: frozenset[str] = frozenset()
ALONE: Severity | None = Severity.ERROR
