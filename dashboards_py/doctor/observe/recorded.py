"""The series that loaded recording rules make."""

from dashboards_py.doctor.client import Client
from dashboards_py.doctor.rules import loaded_rules


def recorded(client: Client) -> frozenset[str] | None:
    """Their names; None if the server does not list its rules."""
    loaded = loaded_rules(client)
    if loaded is None:
        return None
    return frozenset(str(rule.get("name", "")) for rule in loaded if rule.get("type") == "recording")
