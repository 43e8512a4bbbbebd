"""One of the two routers that all nodes peer with by BGP is down for 25 minutes; the other carries the traffic.

Each agent loses its session with it: `session_state` of that neighbor is 0, and the series of its routes end, which are
exported for established sessions only (collector.Collect in pkg/bgp/metrics/metrics.go).
"""

from collections.abc import Iterator

from dashboards_py.demo.scenes._part import Part
from dashboards_py.demo.scenes._story import shifted

NEIGHBOR = "10.0.0.2:179"
DOWN = -1500.0
STATE = "cilium_bgp_control_plane_session_state"
ROUTES = tuple(f"cilium_bgp_control_plane_{name}_routes" for name in ("advertised", "received"))


def played(part: Part) -> Iterator[Part]:
    """The sessions with the router; all others are as they were."""
    if part.labels.get("neighbor") == NEIGHBOR and part.name == STATE:
        yield shifted(part, DOWN, 0.0)
    elif part.labels.get("neighbor") == NEIGHBOR and part.name in ROUTES:
        yield part.until(DOWN)
    else:
        yield part
