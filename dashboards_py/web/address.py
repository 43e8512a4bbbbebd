"""Parsing http and https addresses, which can then be shown without credentials."""

import re
from dataclasses import dataclass, field, replace
from ipaddress import ip_address
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from dashboards_py.errors import DashboardsError

# What an address may hold that is nobody's business: a user with a password, parameters with a token.
SECRETS = re.compile(r"(://)(?:[^/@\s\"]*@)?([^\s\"?]*)(?:\?[^\s\"]*)?")


def without_secrets(text: str) -> str:
    """A text of others with the addresses in it as they may be shown: without user, password and parameters."""
    return SECRETS.sub(r"\1\2", text)


@dataclass(frozen=True, slots=True)
class Address:
    """The address of a server. User and password are decoded, and never shown; `query` keeps order and repetition."""

    scheme: str
    host: str
    port: int | None
    path: str
    user: str = field(repr=False, default="")
    password: str = field(repr=False, default="")
    query: tuple[tuple[str, str], ...] = field(repr=False, default=())
    fragment: str = field(repr=False, default="")

    @property
    def netloc(self) -> str:
        """Host and port as in an address."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}" if self.port else host

    @property
    def shown(self) -> str:
        """The address without credentials, query and fragment."""
        return f"{self.scheme}://{self.netloc}{f'/{self.path}' if self.path else ''}"

    @property
    def is_loopback(self) -> bool:
        """Whether it is this machine, as with `kubectl port-forward`."""
        try:
            return ip_address(self.host.partition("%")[0]).is_loopback
        except ValueError:
            return self.host == "localhost" or self.host.endswith(".localhost")


def parse_address(text: str, setting: str, example: str) -> Address:
    """Parse an address; `setting` names its source in messages. Anything but http(s) raises DashboardsError."""
    try:
        parts = urlsplit(text.strip())
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise _no_address(setting, example) from error
    if not host or parts.scheme not in ("http", "https") or not _is_host(host):
        raise _no_address(setting, example)
    return Address(
        parts.scheme,
        host,
        port,
        parts.path.strip("/"),
        unquote(parts.username or ""),
        unquote(parts.password or ""),
        tuple(parse_qsl(parts.query, keep_blank_values=True)),
        parts.fragment,
    )


def _is_host(host: str) -> bool:
    """Whether the host is a valid DNS name (RFC 1035: labels of 1 to 63 characters); checked for ASCII only."""
    labels = host.removesuffix(".").split(".")
    return ":" in host or not host.isascii() or all(0 < len(label) <= 63 for label in labels)


def without_page(address: Address, pages: str) -> Address:
    """The server's address, if the path ends as only those of its pages do (a regular expression)."""
    path = re.sub(rf"(?:^|/)(?:{pages})$", "", address.path) if pages else address.path
    return replace(address, path=path)


def refuse_leftovers(address: Address, setting: str, known: frozenset[str] = frozenset(), pages: str = "") -> None:
    """Raise DashboardsError for an unused query parameter or a fragment; values are not shown.

    The fix is the server's own address with the parameters that are known, or nearly: a number tells no secret.
    """
    unknown = list(dict.fromkeys(f"query parameter {name!r}" for name, _ in address.query if name not in known))
    unknown += ["a fragment (#...)"] if address.fragment else []
    if unknown:
        kept = urlencode(
            [(name, value) for parameter, value in address.query if (name := _meant(parameter, value, known))]
        )
        raise DashboardsError(
            setting,
            cause=f"has {', '.join(unknown)}, which has no effect here",
            fix="give the server's own address, not that of a page: "
            f"{without_page(address, pages).shown}{kept and f'?{kept}'}",
        )


def _meant(name: str, value: str, known: frozenset[str]) -> str:
    """The known parameter of this name, or of a similar one whose value is a number; "" if there is none."""
    from difflib import get_close_matches

    if name in known:
        return name
    by_spelling = {re.sub(r"[^a-z]", "", spelling.lower()): spelling for spelling in known}
    close = get_close_matches(re.sub(r"[^a-z]", "", name.lower()), by_spelling, n=1, cutoff=0.7)
    return by_spelling[close[0]] if close and value.isdigit() else ""


def unencrypted_warning(address: Address, secret: str, *, is_plural: bool = False) -> str | None:
    """The warning if a secret is sent to another machine without TLS, else None."""
    if address.scheme == "https" or address.is_loopback:
        return None
    sent = f"{secret} {'are' if is_plural else 'is'} sent to {address.netloc} over http://"
    return f"{sent}, readable by anyone in between: use https:// if you can"


def _no_address(setting: str, example: str) -> DashboardsError:
    return DashboardsError(setting, cause="is not an http or https address", fix=f"e.g. {example}")
