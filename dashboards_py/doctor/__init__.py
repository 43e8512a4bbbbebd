"""Why is this panel empty: what a Prometheus has, what boards ask of it, and the cause of each empty answer.

`observe` looks at the Prometheus, `ask` asks the queries of boards, `diagnose` names the causes; all look-ups are made
by the first two, so that causes are pure functions. Each cause is a file in `causes`; what a cluster adds to them is a
file in `conditions`.
"""

from dashboards_py.doctor.client import Client
from dashboards_py.doctor.clusters import Clusters, look_at_clusters, of_cluster
from dashboards_py.doctor.deployed import deployed_findings
from dashboards_py.doctor.diagnose import Report, with_findings
from dashboards_py.doctor.examine import examine
from dashboards_py.doctor.execute import BoardToExamine
from dashboards_py.doctor.grafana import DataSource, Grafana, default_source
from dashboards_py.doctor.observation import Condition, ScrapeTarget
from dashboards_py.doctor.pages import cause_ids, manual_page
from dashboards_py.doctor.rules import (
    RulesToExamine,
    board_of_rules,
    loaded_rules,
    loaded_rules_findings,
    rule_findings,
)

__all__ = [
    "BoardToExamine",
    "Client",
    "Clusters",
    "Condition",
    "DataSource",
    "Grafana",
    "Report",
    "RulesToExamine",
    "ScrapeTarget",
    "board_of_rules",
    "cause_ids",
    "default_source",
    "deployed_findings",
    "examine",
    "loaded_rules",
    "loaded_rules_findings",
    "look_at_clusters",
    "manual_page",
    "of_cluster",
    "rule_findings",
    "with_findings",
]
