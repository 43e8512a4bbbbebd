"""Why a request failed, as a message: OpenSSL's reason, the proxy in between, the system's error."""

import re
import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from http.client import BadStatusLine

import requests
from requests.exceptions import JSONDecodeError, RequestException
from urllib3.exceptions import ResponseError

from dashboards_py.errors import TIMEOUT, TLS, DashboardsError, Refused
from dashboards_py.web.session import Server, proxy_of, proxy_setting

# Verification codes of OpenSSL's x509_vfy.h.
OUTSIDE_VALIDITY = (9, 10)  # not yet valid, expired
WRONG_NAME = (62, 64)  # host name, IP address
UNKNOWN_ISSUER = (2, 18, 19, 20, 21, 27)  # self-signed, no issuer, unable to verify the first, untrusted
# OpenSSL's reasons (sslerr.h) for an answer that is not TLS; which one depends on its first bytes and the version.
NOT_TLS = ("WRONG_VERSION_NUMBER", "RECORD_LAYER_FAILURE", "PACKET_LENGTH_TOO_LONG", "HTTP_REQUEST", "UNKNOWN_PROTOCOL")
# The alerts of TLS 1.3 and of Go's TLS 1.2 for a missing client certificate; OpenSSL's 1.2 sends handshake failure.
CLIENT_CERTIFICATE_ALERTS = ("CERTIFICATE_REQUIRED", "BAD_CERTIFICATE")

__all__ = ["Failure", "JSONDecodeError", "RequestException", "explain", "proxy_refusal", "wrong_scheme"]


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a request failed and what to do; `temporary` if a second attempt may help.

    `reason` is TLS or TIMEOUT, or "" for any other.
    """

    cause: str
    fix: str
    temporary: bool = False
    kind: type[DashboardsError] = DashboardsError
    reason: str = ""

    def error(self, server: Server, status: int = 0) -> DashboardsError:
        """The failure as an error; `status` is that of the response, if there was one."""
        return self.kind(server.shown, cause=self.cause, fix=self.fix, reason=self.reason, status=status)


def explain(error: Exception, server: Server, session: requests.Session) -> Failure:
    """The failure behind an error of requests, whose own text is not used: it may contain secrets."""
    errors = tuple(_chain(error))
    proxy = proxy_of(session, server.address)
    through = f" through the proxy {proxy}" if proxy else ""
    if proxy and any(isinstance(error, requests.exceptions.ProxyError) for error in errors):
        return _proxy(errors, server, proxy, proxy_setting(session, server.address))
    if failure := _tls_failure(errors, server, session, through):
        return replace(failure, reason=TLS)
    if again := next((error for error in errors if isinstance(error, ResponseError)), None):
        return _temporary(f"gave no answer{through}: {again}", server, proxy)  # e.g. too many 500 error responses
    if any(isinstance(error, BadStatusLine) and str(error).startswith("\x15\x03") for error in errors):
        return wrong_scheme(server)
    closed = any(isinstance(error, ConnectionResetError | BrokenPipeError) for error in errors)
    if closed and server.address.scheme == "http" and not proxy and _speaks_tls(server):
        return wrong_scheme(server)
    if any(isinstance(error, TimeoutError | requests.exceptions.Timeout) for error in errors):
        return replace(_temporary(f"gave no answer in time{through}", server, proxy), reason=TIMEOUT)
    if isinstance(error, requests.exceptions.InvalidSchema | requests.exceptions.InvalidURL):
        if not proxy:
            return Failure("is not an address that requests can be sent to", f"check {server.url_setting}")
        fix = "name an http:// proxy, or install PySocks for a socks5:// one (pip install 'requests[socks]')"
        return Failure(f"cannot be reached{through}, which is not a usable proxy", fix)
    return _temporary(f"cannot be reached{through} ({_reason(errors)})", server, proxy)


def _tls_failure(
    errors: tuple[BaseException, ...], server: Server, session: requests.Session, through: str
) -> Failure | None:
    """The failure, if TLS is the reason."""
    for error in errors:
        if isinstance(error, ssl.SSLCertVerificationError):
            return _certificate(error, server, session, through)
        if isinstance(error, ssl.SSLError):
            alert = _alert(server, session) if isinstance(error, ssl.SSLEOFError) else None
            return _handshake_failure(alert or error, server, through)
        if isinstance(error, ConnectionResetError | BrokenPipeError) and (alert := _alert(server, session)):
            return _handshake_failure(alert, server, through)
    return None


def wrong_scheme(server: Server) -> Failure:
    """The failure for plain http to a server that speaks TLS."""
    return Failure("expects TLS on this port, not plain http", f"write https:// in {server.url_setting}", reason=TLS)


def _temporary(cause: str, server: Server, proxy: str) -> Failure:
    fix = f"check that it runs, and that {server.url_setting} is right (http or https, port)"
    return Failure(cause, f"{fix}; or add {server.address.host} to no_proxy" if proxy else fix, temporary=True)


def _chain(error: BaseException) -> Iterator[BaseException]:
    """An error and every error that it wraps or was raised from, outermost first."""
    waiting: list[BaseException] = [error]
    seen: set[int] = set()
    while waiting:
        current = waiting.pop(0)
        if id(current) in seen:
            continue
        seen.add(id(current))
        yield current
        held = (*current.args, getattr(current, "reason", None), current.__cause__, current.__context__)
        waiting += [error for error in held if isinstance(error, BaseException)]


def _reason(errors: tuple[BaseException, ...]) -> str:
    """The system's message, or else the class of the innermost informative error."""
    for error in reversed(errors):
        if isinstance(error, OSError) and error.strerror and error.errno is not None:
            return error.strerror
    names = [type(error).__name__ for error in errors if not isinstance(error, RequestException)]
    return "the connection was closed" if "RemoteDisconnected" in names else (names or [type(errors[0]).__name__])[-1]


def _proxy(errors: tuple[BaseException, ...], server: Server, proxy: str, setting: str) -> Failure:
    around = f"or add {server.address.host} to no_proxy"
    match = next(filter(None, (re.search(r"Tunnel connection failed: (\d+)", str(error)) for error in errors)), None)
    status = int(match[1]) if match else 0
    if status:
        return proxy_refusal(status, server, proxy, setting)
    cause = f"the proxy {proxy} cannot be reached ({_reason(errors)})"
    return Failure(cause, f"correct {setting}, {around}", temporary=True)


def proxy_refusal(status: int, server: Server, proxy: str, setting: str) -> Failure:
    """The failure for an answer of the proxy itself."""
    around = f"or add {server.address.host} to no_proxy"
    if status == 407:
        fix = f"put user and password into {setting}, {around}"
        return Failure(f"the proxy {proxy} demands credentials (407)", fix, kind=Refused)
    fix = f"ask whoever runs the proxy, {around}"
    return Failure(f"the proxy {proxy} does not connect to {server.address.netloc} ({status})", fix, status >= 500)


def _certificate(
    error: ssl.SSLCertVerificationError, server: Server, session: requests.Session, through: str
) -> Failure:
    """OpenSSL's reason for refusing a certificate, with a fix for that reason."""
    show = f"{_handshake_command(server)} </dev/null | openssl x509 -noout"
    fix = f"have its certificate issued again; `{show} -text` shows it"
    if error.verify_code in OUTSIDE_VALIDITY:
        now = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
        fix = f"renew the certificate, or that of its CA (it is {now} here): `{show} -dates`"
    elif error.verify_code in WRONG_NAME:
        fix = f"use a name in {server.url_setting} that the certificate is for: `{show} -ext subjectAltName`"
    elif error.verify_code in UNKNOWN_ISSUER and server.ca_file:
        fix = (
            f"{server.ca_file} holds {_ca_file_contents(session)} that did not sign it, or the server does not send "
            f"its intermediate certificate: `{show} -issuer` names who signed it"
        )
    elif error.verify_code in UNKNOWN_ISSUER:
        fix = f"give the CA that signed it with {server.ca_setting}: `{show} -issuer` names it"
    return Failure(f"its certificate is refused{through}: {error.verify_message.rstrip('.')}", fix)


def _ca_file_contents(session: requests.Session) -> str:
    context = getattr(session.get_adapter("https://"), "_context", None)
    stats = context.cert_store_stats() if context else {}
    return "a CA" if stats.get("x509_ca") else "no CA, only a certificate"


def _alert(server: Server, session: requests.Session) -> ssl.SSLError | None:
    """The TLS alert that the server sends after the handshake, read on a new connection, or None.

    With TLS 1.3 a server refuses a client without a certificate only once the client has begun to send, so that the
    client sees a closed connection and not the reason.
    """
    address = server.address
    context = getattr(session.get_adapter("https://"), "_context", None)
    if address.scheme == "http" or context is None or proxy_of(session, address):
        return None
    error = _tls_error(server, context, 443, reads=True)
    return error if isinstance(error, ssl.SSLError) else None


def _speaks_tls(server: Server) -> bool:
    """Whether a server that closed a connection of plain http does so because its port is one for TLS.

    Some (Python's, Java's) close it without a word. A handshake that fails for any reason of TLS has shown it as well.
    """
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE  # nothing is sent
    error = _tls_error(server, context, 80)
    if isinstance(error, ssl.SSLError) and not isinstance(error, ssl.SSLEOFError):
        return error.reason not in NOT_TLS
    return error is None


def _tls_error(server: Server, context: ssl.SSLContext, port: int, *, reads: bool = False) -> OSError | None:
    """What TLS on a new connection fails with, or None; `port` is that of an address without one.

    If it `reads`, it waits a second for what the server sends after the handshake.
    """
    address = server.address
    try:
        with (
            socket.create_connection((address.host, address.port or port), timeout=3) as plain,
            context.wrap_socket(plain, server_hostname=address.host) as secure,
        ):
            if reads:
                secure.settimeout(1)
                secure.recv(1)
    except OSError as error:
        return error
    return None


def _handshake_failure(error: ssl.SSLError, server: Server, through: str) -> Failure:
    reason = (error.reason or "").replace("_", " ").lower() or "no reason given"
    if error.reason in NOT_TLS:
        return Failure(
            f"does not speak TLS on this port{through}", f"write http:// in {server.url_setting}, or its port"
        )
    if any(part in (error.reason or "") for part in CLIENT_CERTIFICATE_ALERTS):
        fix = "connect at an address that requires none (kubectl port-forward), or deploy files or configmaps"
        return Failure(f"demands a client certificate{through} ({reason})", fix)
    if isinstance(error, ssl.SSLEOFError):
        return _temporary(f"closed the connection during the TLS handshake{through}", server, through)
    fix = f"it may demand a client certificate; `{_handshake_command(server)}` shows what it speaks"
    return Failure(f"cannot agree on TLS{through} ({reason})", fix)


def _handshake_command(server: Server) -> str:
    """The command that shows a server's TLS handshake."""
    port = "" if server.address.port else ":443"
    return f"openssl s_client -connect {server.address.netloc}{port}"
