"""refused-handler: agents crash, or Hubble does not start, "failed to setup hubble metrics"

"plugin http conflicts with plugin httpV2", "metric 'source_namespace' does not exist", "Server not initialized": Cilium
refuses an entry of the list of Hubble's handlers. Up to 1.17 Hubble then exposes nothing, from 1.18 on the agent
does not start. Agents that run were started with an earlier list.

Change the entry that is named. A label in the place of a handler is a comma of `labelsContext` at which `--set`, or a
list with one label a line, was split.
"""

from dashboards_py.doctor.conditions._condition import FAILED_SCRAPE, NO_TARGET
from dashboards_py.findings import Severity

ORDER = 30
EXPLAINS: frozenset[str] = NO_TARGET | FAILED_SCRAPE | {"handler-off"}
ALONE: Severity | None = Severity.ERROR
