"""The house style: the functions with which boards are written."""

from dashboards_py.model import Dashboard, Row
from dashboards_py.style.agents import missing_agents
from dashboards_py.style.components import ALWAYS_EXPOSED
from dashboards_py.style.envoy import envoys_not_serving
from dashboards_py.style.firing import firing_alerts, firing_alerts_count
from dashboards_py.style.hubble import (
    CLIENT,
    DENIED,
    DNS_SERVER,
    ENOUGH,
    FAILING_PEERS,
    FROM_HOST,
    HUBBLE_SCRAPED,
    L3_L4,
    LOST_BEFORE,
    NOT_DENIED,
    PAIR,
    SERVER,
    answered_by_client_namespace,
    answers_by_client_namespace,
    hour_ago,
    http_by_server_namespace,
    lookups,
    lookups_by_namespace,
    more_than_an_hour_ago,
    of_source,
)
from dashboards_py.style.links import link_to, link_to_next, next_boards
from dashboards_py.style.measured import unless_not_scraped, unless_not_seen
from dashboards_py.style.mesh import MEMBERS, MESH_AGENTS, NO_AGENT_IN_MESH, NO_MESH, SYNCED, mesh_ready
from dashboards_py.style.namespaces import denied_share, namespaces_in_trouble
from dashboards_py.style.operator import FAILED_CALLS, LIVE_IDENTITIES, OPERATORS_UP, failed_operator_calls
from dashboards_py.style.page import AGENT_ANNOTATIONS, NO_DATA, annotation, dashboard, restarts, row
from dashboards_py.style.panels import bargauge, heatmap, query, stat, state_timeline, timeseries
from dashboards_py.style.quantiles import quantile
from dashboards_py.style.scraped import not_scraped, not_scraped_on_nodes, relays_not_scraped, with_next_boards
from dashboards_py.style.shares import share
from dashboards_py.style.tables import table
from dashboards_py.style.thresholds import above, below, good_bad
from dashboards_py.style.variables import (
    busiest,
    cluster,
    custom_variable,
    label_variable,
    label_variables,
    namespace,
    node,
)

__all__ = [
    "AGENT_ANNOTATIONS",
    "ALWAYS_EXPOSED",
    "CLIENT",
    "DENIED",
    "DNS_SERVER",
    "ENOUGH",
    "FAILED_CALLS",
    "FAILING_PEERS",
    "FROM_HOST",
    "HUBBLE_SCRAPED",
    "L3_L4",
    "LIVE_IDENTITIES",
    "LOST_BEFORE",
    "MEMBERS",
    "MESH_AGENTS",
    "NOT_DENIED",
    "NO_AGENT_IN_MESH",
    "NO_DATA",
    "NO_MESH",
    "OPERATORS_UP",
    "PAIR",
    "SERVER",
    "SYNCED",
    "Dashboard",
    "Row",
    "above",
    "annotation",
    "answered_by_client_namespace",
    "answers_by_client_namespace",
    "bargauge",
    "below",
    "busiest",
    "cluster",
    "custom_variable",
    "dashboard",
    "denied_share",
    "envoys_not_serving",
    "failed_operator_calls",
    "firing_alerts",
    "firing_alerts_count",
    "good_bad",
    "heatmap",
    "hour_ago",
    "http_by_server_namespace",
    "label_variable",
    "label_variables",
    "link_to",
    "link_to_next",
    "lookups",
    "lookups_by_namespace",
    "mesh_ready",
    "missing_agents",
    "more_than_an_hour_ago",
    "namespace",
    "namespaces_in_trouble",
    "next_boards",
    "node",
    "not_scraped",
    "not_scraped_on_nodes",
    "of_source",
    "quantile",
    "query",
    "relays_not_scraped",
    "restarts",
    "row",
    "share",
    "stat",
    "state_timeline",
    "table",
    "timeseries",
    "unless_not_scraped",
    "unless_not_seen",
    "with_next_boards",
]
