"""What a target describes, which is what it exposes, whatever of it is stored."""

from collections.abc import Iterable

from dashboards_py.doctor.client import Client
from dashboards_py.doctor.exposed import described_as
from dashboards_py.errors import DashboardsError
from dashboards_py.promql.matcher import Matcher


def described(client: Client, matcher: Matcher) -> frozenset[str]:
    """The metrics of the targets with this label; empty if the server does not tell."""
    try:
        rows = client.get("targets/metadata", {"match_target": f"{{{matcher}}}"})
    except DashboardsError:
        return frozenset()
    return frozenset(row["metric"] for row in rows)


def exposes(client: Client, target: Matcher, names: Iterable[str]) -> bool | None:
    """Whether the targets with this label describe one of the metrics; None if the server does not tell."""
    own = described(client, target)
    return any(described_as(name) & own for name in names) if own else None
