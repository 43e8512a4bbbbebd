"""Packets that are lost for other reasons than policy, and IPsec."""

from dashboards_py.model import RuleGroup
from dashboards_py.release import Release
from dashboards_py.style.alert_limits import IPSEC_ERRORS, IPSEC_KEYS
from dashboards_py.style.alerts import alert, group, panel
from dashboards_py.style.limits import DROP_SHARE, NODE_DROPS

NOT_DENIED = 'reason!~"Policy denied.*"'
DROPPED = f"sum by (cluster, node) (rate(cilium_drop_count_total{{{NOT_DENIED}}}[10m]))"
FORWARDED = "sum by (cluster, node) (rate(cilium_forward_count_total[10m]))"


def rules(_: Release) -> RuleGroup:
    """Drops and encryption."""
    return group(
        "cilium-datapath",
        alert(
            "CiliumDropsHigh",
            f"{DROPPED} / ({DROPPED} + {FORWARDED} > 0) and {DROPPED} >= {NODE_DROPS.warning}",
            above=DROP_SHARE.level("critical"),
            levels=(NODE_DROPS.level("warning"),),
            hold="15m",
            severity="critical",
            summary="{{ $labels.node }} drops {{ $value | humanizePercentage }} of packets",
            description="{{ $value | humanizePercentage }} of the packets on {{ $labels.node }} are dropped for other "
            "reasons than policy; the limit is [limit].",
            action="The panel names the reason; hubble observe --verdict DROPPED on that node names the pods.",
            panel=panel("cilium-agent", "Drops by reason and direction", node="node"),
        ),
        alert(
            "CiliumIPsecErrors",
            "sum by (cluster, node, type, error) (increase(cilium_ipsec_xfrm_error[15m]))",
            above=IPSEC_ERRORS.level("warning"),
            hold="5m",
            keep_firing_for="10m",
            severity="warning",
            summary="IPsec on {{ $labels.node }} refuses packets ({{ $labels.type }}, {{ $labels.error }})",
            description="The kernel of {{ $labels.node }} counted {{ $value | humanize }} errors {{ $labels.error }} "
            "({{ $labels.type }}) in 15 minutes: encrypted traffic of pods is lost.",
            action="Compare the keys of nodes with cilium-dbg encrypt status: they differ during and after a rotation.",
            panel=panel("cilium-agent", "IPsec errors", node="node"),
        ),
        alert(
            "CiliumIPsecRotationUnfinished",
            "max by (cluster, node) (cilium_ipsec_keys)",
            above=IPSEC_KEYS.level("warning"),
            hold="1h",
            severity="warning",
            summary="{{ $labels.node }} still has {{ $value }} IPsec keys",
            description="A rotation leaves two keys for some minutes; {{ $labels.node }} has had {{ $value }} for an "
            "hour, so that its old key is still in use.",
            action="Compare keys with cilium-dbg encrypt status on several nodes, and restart the agent that lags.",
            panel=panel("cilium-agent", "IPsec keys and states", node="node"),
        ),
    )
