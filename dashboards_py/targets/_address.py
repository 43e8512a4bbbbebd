"""Grafana's address, credentials and organization, from the environment."""

import re
from dataclasses import dataclass, field

from dashboards_py.errors import DashboardsError, Refused
from dashboards_py.web.address import Address, parse_address, refuse_leftovers

EXAMPLE = "https://grafana.example.org"
ORGANIZATION = "orgId"  # the query parameter of Grafana's own pages
# How the paths of Grafana's pages end (its routes: pkg/api/api.go). Grafana itself may be served below such a path:
# it is only suspected if something else answers.
PAGES = (
    r"(?:d|d-solo|d-embed|dashboard|dashboards|public-dashboards|a|admin|alerting|connections|org|plugins|profile)/.+"
    r"|dashboards|explore|login|alerting|admin|connections|plugins|profile|playlists"
    r"|api(?:/(?:dashboards|datasources|folders|health|org|search|user)(?:/.*)?)?"
)


@dataclass(frozen=True, slots=True)
class Login:
    """A Grafana's address, and credentials (a token, or user and password), which are never shown."""

    address: Address
    credentials: str | tuple[str, str] = field(repr=False)
    organization: int | None = None

    @property
    def secret(self) -> str:
        """The name of the credentials, for messages."""
        return "GRAFANA_TOKEN" if isinstance(self.credentials, str) else "Grafana's password"


def read_login(url: str | None, token: str | None, user: str | None, password: str | None) -> Login:
    """Read an address; it may hold user, password and ?orgId=N. A token takes precedence.

    Raises DashboardsError for an invalid address or one with extra parts, Refused for missing or malformed
    credentials.
    """
    if not url:
        fix = f"export GRAFANA_URL={EXAMPLE}, or deploy files"
        raise DashboardsError("GRAFANA_URL", cause="is not set", fix=fix)
    address = parse_address(url, "GRAFANA_URL", EXAMPLE)
    refuse_leftovers(address, "GRAFANA_URL", frozenset({ORGANIZATION}), PAGES)
    organization = _organization([value for name, value in address.query if name == ORGANIZATION])
    token, user, password = (token or "").strip(), user or address.user, password or address.password
    if not token and not (user and password):
        raise Refused(
            f"Grafana at {address.shown}",
            cause="no credentials were given",
            fix="export GRAFANA_TOKEN, or GRAFANA_USER and GRAFANA_PASSWORD",
        )
    if not (token.isascii() and token.isprintable()) or " " in token:
        raise Refused("GRAFANA_TOKEN", cause="contains characters that no token has", fix="copy it again")
    return Login(address, token or (user, password), organization)


def _organization(values: list[str]) -> int | None:
    if not values:
        return None
    if len(values) > 1 or not re.fullmatch(r"0*[1-9][0-9]{0,17}", values[0]):  # below 2^63
        fix = f"{EXAMPLE}/?orgId=2; Administration > Organizations lists them"
        raise DashboardsError("GRAFANA_URL", cause="?orgId= is not one organization's number", fix=fix)
    return int(values[0].lstrip("0"))
