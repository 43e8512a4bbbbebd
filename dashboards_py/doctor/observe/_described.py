"""What a target describes, which is what it exposes, whatever of it is stored."""

from collections.abc import Iterable, Mapping

from dashboards_py.board import fields as json_fields
from dashboards_py.doctor.client import Client
from dashboards_py.doctor.exposed import described_as
from dashboards_py.errors import DashboardsError
from dashboards_py.promql.matcher import Matcher


def described(client: Client, matcher: Matcher) -> frozenset[str]:
    """The metrics of the targets with this label; empty if the server does not tell."""
    try:
        answer = client.get("targets/metadata", {"match_target": f"{{{matcher}}}"})
    except DashboardsError:
        return frozenset()
    rows = answer if isinstance(answer, list) else []
    return frozenset(json_fields.text(row, "metric") for row in rows if isinstance(row, Mapping))


def exposes(client: Client, target: Matcher, names: Iterable[str]) -> bool | None:
    """Whether the targets with this label describe one of the metrics; None if the server does not tell."""
    own = described(client, target)
    return any(described_as(name) & own for name in names) if own else None
