"""Panels with one big number, or a few named ones."""

from dashboards_py.model import Stat
from dashboards_py.render.kind import Kind, by_query, unjudged
from dashboards_py.shapes import Json

SIZES = {"titleSize": 13, "valueSize": 32}  # px: the same on all boards, whatever the width of a panel


def kind(panel: Stat) -> Kind:
    """A stat panel, coloured only if it has thresholds."""
    defaults: Json = {} if panel.thresholds else unjudged("text")
    defaults |= {} if panel.decimals is None else {"decimals": panel.decimals}
    # A single number has no name in Grafana, which is right for a name that is always the same.
    named: Json = {"textMode": "value_and_name"} if any("{{" in query.legend for query in panel.queries) else {}
    return Kind(
        type="stat",
        options={"graphMode": "none", "justifyMode": "center", **named, "text": SIZES},
        defaults=defaults,
        overrides=by_query(panel.queries),
        instant=True,
    )
