"""Answers that are not the server's own: redirects to a login page, a proxy's refusal, a port that expects TLS."""

from urllib.parse import urlsplit

from requests import Response, Session

from dashboards_py.web.failure import Failure, proxy_refusal, wrong_scheme
from dashboards_py.web.session import Server, proxy_of, proxy_setting

# The bodies with which Go (so Grafana and Prometheus), nginx and Apache answer (400) plain http on a port with TLS.
NEEDS_TLS = ("http request to an https server", "plain http request was sent to https", "plain http to an ssl-enabled")
CLIENT_CERTIFICATE = "no required ssl certificate was sent"  # nginx, with 400


def redirect(response: Response, server: Server) -> Failure | None:
    """The failure for a redirect, which is not followed: that would turn a write into a read. Hides secrets."""
    if not 300 <= response.status_code < 400:
        return None
    fix = server.address_fix
    try:
        to = urlsplit(response.headers.get("Location", ""))
        port = f":{to.port}" if to.port else ""
    except ValueError:
        return Failure(f"redirects to an invalid address ({response.status_code})", fix)
    target = f"{to.scheme}://{to.hostname}{port}{to.path}" if to.hostname else to.path
    if not target:
        return Failure(f"redirects without a Location header ({response.status_code})", fix)
    return Failure(f"redirects to {target} ({response.status_code}): a login page, or another address", fix)


def failure_before_server(status: int, page: str, server: Server, session: Session) -> Failure | None:
    """The failure for a status with a page instead of JSON, if something before the server sent it."""
    text, address = page.lower(), server.address
    if status == 400 and address.scheme == "http" and any(words in text for words in NEEDS_TLS):
        return wrong_scheme(server)
    if status == 400 and CLIENT_CERTIFICATE in text:
        return Failure(
            "demands a client certificate (400)", "connect at an address that requires none (kubectl port-forward)"
        )
    proxy = proxy_of(session, address)
    if proxy and address.scheme == "http" and status in (403, 407):
        return proxy_refusal(status, server, proxy, proxy_setting(session, address))
    return None
