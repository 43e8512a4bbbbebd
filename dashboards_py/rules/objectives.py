"""Service levels, whose alerts say how fast the budget of errors is spent: only those that a house promises."""

from dashboards_py.model import Objective, RuleGroup
from dashboards_py.release import Release
from dashboards_py.style.alert_limits import TRAFFIC
from dashboards_py.style.alerts import panel

FLOOR = TRAFFIC.floor or 0
LOOKUPS = "sum by (cluster) (rate(hubble_dns_queries_total[$__rate_interval]))"
ANSWERS = "sum by (cluster) (rate(hubble_dns_responses_total[$__rate_interval]))"
AGENT_CALLS = "cilium_agent_api_process_time_seconds_count"


def _rate(metric: str, by: str, matchers: str = "") -> str:
    braces = f"{{{matchers}}}" if matchers else ""
    return f"sum by ({by}) (rate({metric}{braces}[$__rate_interval]))"


def rules(_: Release) -> RuleGroup:
    """The service levels that settings can promise."""
    return RuleGroup(
        name="cilium-objectives",
        objectives=(
            Objective(
                name="dns-answered",
                alert="HubbleDNS",
                bad=f"clamp_min({LOOKUPS} - ({ANSWERS} or 0 * {LOOKUPS}), 0)",
                total=LOOKUPS,
                floor=FLOOR,
                summary="DNS lookups are not answered",
                action="Find the namespaces on the panel; then look at policy, at drops and at the DNS servers.",
                panel=panel("hubble-dns", "Unanswered share"),
            ),
            Objective(
                name="http-success",
                alert="HubbleHTTP",
                bad=_rate("hubble_http_requests_total", "cluster, destination_namespace", 'status=~"5.."'),
                total=_rate("hubble_http_requests_total", "cluster, destination_namespace"),
                floor=FLOOR,
                summary="Workloads in namespace {{ $labels.destination_namespace }} answer with 5xx",
                action="Find the workload on the panel, and read its log.",
                panel=panel("hubble-http", "Requests by status", namespace="destination_namespace"),
            ),
            Objective(
                name="regeneration-success",
                alert="CiliumRegeneration",
                bad=_rate("cilium_endpoint_regenerations_total", "cluster", 'outcome="fail"'),
                total=_rate("cilium_endpoint_regenerations_total", "cluster"),
                floor=0,
                summary="Regenerations of endpoints fail, which bring policy into the datapath",
                action="Find the nodes on the panel, and read the log of an endpoint that failed.",
                panel=panel("cilium-agent", "Regenerations"),
            ),
            Objective(
                name="agent-api",
                alert="CiliumAgentAPI",
                bad=_rate(AGENT_CALLS, "cluster", 'return_code=~"5.."'),
                total=_rate(AGENT_CALLS, "cluster"),
                floor=FLOOR,
                summary="The API of agents answers with errors",
                action="Find path and method on the panel, then read the agents' log.",
                panel=panel("cilium-capacity", "Agent API calls"),
            ),
        ),
    )
