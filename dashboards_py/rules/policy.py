"""Policy: is it loaded, does it take effect, and does the DNS proxy answer?"""

from dashboards_py.model import RuleGroup
from dashboards_py.release import Release
from dashboards_py.style.alert_limits import DNS_PROXY_TIMEOUTS
from dashboards_py.style.alerts import alert, group, panel
from dashboards_py.style.limits import FAILED_IMPORTS, FQDN_PRESSURE, POLICY_DELAY
from dashboards_py.style.shares import share

DELAY = "cilium_policy_implementation_delay"
REPLIES = "cilium_proxy_upstream_reply_seconds_count"


def _rate(metric: str, matchers: str = "") -> str:
    braces = f"{{{matchers}}}" if matchers else ""
    return f"sum by (cluster, node) (rate({metric}{braces}[$__rate_interval]))"


def rules(_: Release) -> RuleGroup:
    """Policy and the DNS proxy."""
    return group(
        "cilium-policy",
        alert(
            "CiliumPolicyImportFailing",
            'max by (cluster) (sum by (cluster, node) (increase(cilium_policy_change_total{outcome="fail"}[30m])))',
            above=FAILED_IMPORTS.level("critical"),
            hold="5m",
            severity="critical",
            summary="Agents cannot load a policy",
            description="An agent failed to load {{ $value | humanize }} changes of policy in 30 minutes: the old ones "
            "stay in force, or none.",
            action="The conditions of the CiliumNetworkPolicy that changed last, and the agent's log, name the field.",
            panel=panel("cilium-policy", "Failed imports"),
        ),
        alert(
            "CiliumPolicySlow",
            f"{_rate(f'{DELAY}_sum')} / {_rate(f'{DELAY}_count')}",
            above=POLICY_DELAY.level("warning"),
            hold="15m",
            severity="warning",
            summary="Policy takes {{ $value | humanizeDuration }} to take effect on {{ $labels.node }}",
            description="From a change of policy to its enforcement on {{ $labels.node }} it takes "
            "{{ $value | humanizeDuration }} in the mean; the limit is [limit].",
            action="See which stage is slow, and whether the node lacks CPU.",
            panel=panel("cilium-policy", "Policy delay", node="node"),
        ),
        alert(
            "CiliumDNSProxyTimeouts",
            share(
                _rate(REPLIES, 'scope="totalTime", error="timeout"'),
                _rate(REPLIES, 'scope="totalTime"'),
                more_than=DNS_PROXY_TIMEOUTS.floor or 0,
            ),
            above=DNS_PROXY_TIMEOUTS.level("warning"),
            levels=(DNS_PROXY_TIMEOUTS.level("floor"),),
            hold="10m",
            severity="warning",
            summary="Lookups through the DNS proxy of {{ $labels.node }} time out",
            description="{{ $value | humanizePercentage }} of the lookups that the DNS proxy of {{ $labels.node }} "
            "forwards get no answer; the limit is [limit].",
            action="Look at the DNS servers first: their pods, their CPU, and drops on the way to them.",
            panel=panel("cilium-policy", "DNS proxy verdicts", node="node"),
        ),
        alert(
            "CiliumDNSProxyOverloaded",
            _rate("cilium_fqdn_semaphore_rejected_total"),
            _rate("cilium_proxy_datapath_update_timeout_total"),
            above=FQDN_PRESSURE.level("warning"),
            hold="10m",
            severity="warning",
            summary="The DNS proxy of {{ $labels.node }} cannot keep up",
            description="{{ $value | humanize }} lookups a second on {{ $labels.node }} are refused by the limit of "
            "the DNS proxy, or released before their addresses are in the datapath.",
            action="Fewer lookups (search domains, caching), or a higher limit (dnsproxy-concurrency-limit in "
            "extraConfig).",
            panel=panel("cilium-policy", "FQDN under pressure", node="node"),
        ),
    )
