"""The only place that opens HTTP sessions: their CAs and proxies.

The environment (http_proxy, https_proxy, all_proxy, no_proxy, REQUESTS_CA_BUNDLE, CURL_CA_BUNDLE) is read once, when
a session is opened; ~/.netrc is not read at all, because requests prefers it to a token.
"""

import ssl
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from requests.auth import HTTPBasicAuth
from requests.utils import DEFAULT_CA_BUNDLE_PATH, select_proxy
from urllib3.util import Retry

from dashboards_py.errors import DashboardsError
from dashboards_py.web.address import Address, without_page

BUNDLE = "REQUESTS_CA_BUNDLE or CURL_CA_BUNDLE"


@dataclass(frozen=True, slots=True)
class Server:
    """A server, and the names of the settings for it, for messages."""

    name: str
    address: Address
    url_setting: str
    ca_setting: str = BUNDLE
    ca_file: str | None = None
    pages: str = ""  # how the paths of its pages end: a regular expression

    @property
    def address_fix(self) -> str:
        """What to do about an address where something else answers: it may be that of a page."""
        own = without_page(self.address, self.pages).shown
        if own != self.address.shown:
            return f"give the server's own address in {self.url_setting}, not that of a page: {own}"
        return f"check {self.url_setting}, its path included"

    @property
    def shown(self) -> str:
        """The server's name for messages."""
        return f"{self.name} at {self.address.shown}"


def open_session(server: Server, retries: int = 0, retry_statuses: tuple[int, ...] = ()) -> requests.Session:
    """A session for one server. A CA file that cannot be used raises DashboardsError.

    Reads are sent again up to `retries` times, if there is no answer or one with a status in `retry_statuses`.

    No proxy is used for this machine: it would connect to its own loopback. (Go's net/http, and so kubectl, does the
    same.)
    """
    session = requests.Session()
    from_environment = session.merge_environment_settings(server.address.shown, {}, None, None, None)
    session.trust_env = False
    session.proxies = {} if server.address.is_loopback else dict(from_environment["proxies"])
    retry = Retry(retries, backoff_factor=0.3, status_forcelist=retry_statuses, respect_retry_after_header=False)
    adapter = HTTPAdapter(max_retries=retry)
    if server.address.scheme == "https":
        bundle = from_environment["verify"]
        adapter = _Adapter(_trust(server, bundle if isinstance(bundle, str) else None), retry)
    session.mount(f"{server.address.scheme}://", adapter)
    return session


def basic_auth(user: str, password: str) -> HTTPBasicAuth:
    """User and password as UTF-8, which Go's servers expect: requests sends strings as Latin-1, or fails.

    Bytes from the environment that are not UTF-8 are sent unchanged.
    """
    return HTTPBasicAuth(*(part.encode(errors="surrogateescape") for part in (user, password)))


def proxy_of(session: requests.Session, address: Address) -> str:
    """The proxy that requests to an address go through and the setting it comes from; "" if there is none."""
    proxy = select_proxy(address.shown, session.proxies)
    if not proxy:
        return ""
    parts = urlsplit(proxy if "://" in proxy else f"http://{proxy}")
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]} ({proxy_setting(session, address)})"


def proxy_setting(session: requests.Session, address: Address) -> str:
    """The environment variable that names the proxy."""
    return f"{address.scheme}_proxy" if address.scheme in session.proxies else "all_proxy"


class _Adapter(HTTPAdapter):
    """Sends with a TLS context of our own, to which requests cannot add its bundled CAs."""

    def __init__(self, context: ssl.SSLContext, retry: Retry) -> None:
        self._context = context
        super().__init__(max_retries=retry)

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        """The pool of connections."""
        super().init_poolmanager(*args, **options, ssl_context=self._context)

    def proxy_manager_for(self, *args: Any, **options: Any) -> Any:
        """The pool of connections through a proxy."""
        return super().proxy_manager_for(*args, **options, ssl_context=self._context)

    def cert_verify(self, conn: Any, *_: Any) -> None:
        """Add nothing: the context knows which CAs to trust."""
        conn.cert_reqs = "CERT_REQUIRED"


def _trust(server: Server, bundle: str | None) -> ssl.SSLContext:
    """The CAs that a session trusts: only the CA file if there is one, else the machine's CAs and those of requests.

    Any certificate in the file is trusted, CA or not, on every Python as on 3.13 and as in curl.
    """
    file, setting = (server.ca_file, server.ca_setting) if server.ca_file else (bundle, BUNDLE)
    try:
        if file and Path(file).is_dir() and setting == BUNDLE:
            context = ssl.create_default_context(capath=file)
        elif file:
            Path(file).read_bytes()  # for its own error: OpenSSL's does not tell a directory from an empty file
            context = ssl.create_default_context(cafile=file)
        else:
            context = ssl.create_default_context()
            context.load_verify_locations(DEFAULT_CA_BUNDLE_PATH)
    except ssl.SSLError as error:
        fix = f"`openssl x509 -noout -subject -in {file}` must name the CA (a DER file: -inform der -out ca.pem)"
        raise DashboardsError(f"{setting} {file}", cause="holds no certificate in PEM form", fix=fix) from error
    except OSError as error:
        fix = "name a file with the CA's certificate in PEM form, which you may read"
        raise DashboardsError(f"{setting} {file}", cause=error.strerror or "cannot be read", fix=fix) from error
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    return context
