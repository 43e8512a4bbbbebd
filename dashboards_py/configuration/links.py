"""Links out of the boards: a title, and an address with placeholders for what a panel shows."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from dashboards_py.configuration._table import nearest

# What a row or series of a panel has, and what the time range of the page has.
OF_VALUES = ("cluster", "namespace", "node", "pod")
OF_TIME = {"from": "${__from}", "to": "${__to}", "range": "${__url_time_range}"}
# `${node}` is Grafana's own syntax, which is passed on as it is.
PLACEHOLDER = re.compile(r"(?<!\$)\{([a-z-]+)\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link; `url` has placeholders such as `{node}` and `{from}`."""

    title: str
    url: str

    @property
    def needed(self) -> frozenset[str]:
        """The placeholders whose values are those of a row or series."""
        return frozenset(PLACEHOLDER.findall(self.url)) & frozenset(OF_VALUES)

    @property
    def leaves_grafana(self) -> bool:
        """Whether it is an address of its own, rather than a path in the same Grafana."""
        return not self.url.startswith("/")

    def filled(self, values: Mapping[str, str]) -> str:
        """The address with `values` and Grafana's variables of time in place of the placeholders."""
        return PLACEHOLDER.sub(lambda match: {**OF_TIME, **values}[match[1]], self.url)


def url_faults(url: str) -> Iterator[str]:
    """Reasons why a text cannot be the address of a link."""
    for name in PLACEHOLDER.findall(url):
        if name not in (*OF_VALUES, *OF_TIME):
            yield f"{{{name}}} is not a placeholder; {nearest(name, (*OF_VALUES, *OF_TIME))}"
    if not url.isprintable() or " " in url:
        yield "has spaces or control characters: percent-encode them"
    try:
        parts = urlsplit(url)
        host, has_password = parts.hostname, parts.password is not None or parts.username is not None
    except ValueError as error:
        yield str(error)
        return
    is_path = url.startswith("/") and not url.startswith(("//", "/\\"))
    if not is_path and (parts.scheme not in ("http", "https") or not host):
        yield "must begin with http://, https://, or for this Grafana with /"
    if "{" in parts.netloc or "$" in parts.netloc:
        yield "has a placeholder in the name of its server"
    if has_password:
        yield "has credentials, which everybody who sees the board could read"
