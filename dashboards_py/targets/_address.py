"""Where Grafana is and who we are there, from an address and credentials as the environment gives them."""

from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from dashboards_py.errors import DashboardsError, Refused


@dataclass(frozen=True, slots=True)
class Address:
    """A Grafana's address taken apart; `credentials` are a token or a user and password, and never shown."""

    scheme: str
    host: str
    port: int | None
    path: str
    credentials: str | tuple[str, str] = field(repr=False)

    @property
    def shown(self) -> str:
        """The address without credentials."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}{f':{self.port}' if self.port else ''}{f'/{self.path}' if self.path else ''}"


def address(url: str | None, token: str | None, user: str | None, password: str | None) -> Address:
    """Read an address; user and password may stand in it. A token goes before them.

    Raises DashboardsError for an address that is none, Refused where credentials are missing or cannot be right.
    """
    if not url:
        raise DashboardsError(
            "GRAFANA_URL", cause="is not set", fix="export GRAFANA_URL=https://grafana.example.org, or deploy files"
        )
    try:
        parts = urlsplit(url.strip())
        host, port = parts.hostname, parts.port
    except ValueError:
        host = port = None
    if not host or parts.scheme not in ("http", "https"):
        raise DashboardsError(
            "GRAFANA_URL", cause="is not an http or https address", fix="export GRAFANA_URL=https://grafana.example.org"
        )
    found = Address(parts.scheme, host, port, parts.path.strip("/"), "")
    token, user, password = (token or "").strip(), user or parts.username, password or parts.password
    if not token and not (user and password):
        raise Refused(
            f"Grafana at {found.shown}",
            cause="no credentials were given",
            fix="export GRAFANA_TOKEN, or GRAFANA_USER and GRAFANA_PASSWORD",
        )
    if not (token.isascii() and token.isprintable()) or " " in token:
        raise Refused("GRAFANA_TOKEN", cause="holds characters that no token has", fix="copy it again")
    given = token or (_plain(user, parts.username), _plain(password, parts.password))
    return Address(found.scheme, found.host, found.port, found.path, given)


def _plain(chosen: str | None, of_url: str | None) -> str:
    """A user or password as it is meant: what comes from an address is percent-encoded there."""
    return unquote(chosen or "") if chosen == of_url else chosen or ""
