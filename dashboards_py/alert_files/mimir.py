"""Rule groups of a namespace, for `mimirtool rules load` and `sync`, and so for the rulers of Mimir and Cortex.

mimirtool reads one namespace from each document of a file, and refuses keys that it does not know (ParseBytes in
pkg/mimirtool/rules/parser.go of grafana/mimir).
"""

from dashboards_py.alert_files._groups import groups
from dashboards_py.compiled import CompiledRules
from dashboards_py.configuration import Alerts

FILE = "mimir.yaml"
NAMESPACE = "cilium-dashboards"


def document(rules: CompiledRules, _: Alerts) -> object:
    """The file."""
    return {"namespace": NAMESPACE, "groups": groups(rules)}
