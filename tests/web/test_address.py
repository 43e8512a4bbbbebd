"""Parsing addresses: credentials are decoded and never shown, unused parameters are named."""

import pytest

from dashboards_py.errors import DashboardsError
from dashboards_py.prometheus import PAGES, prometheus_address
from dashboards_py.targets._address import read_login
from dashboards_py.web.address import Address, parse_address, refuse_leftovers, unencrypted_warning
from dashboards_py.web.session import Server


def parse(text: str) -> Address:
    return parse_address(text, "THE_URL", "https://example.org")


def test_an_address_is_parsed() -> None:
    """User and password are decoded; host, port and path are what requests are sent to."""
    address = parse(" https://ann:s3cret%2F%40@Example.org:8443/a/b/?orgId=2&x#top ")
    assert address == Address(
        "https", "example.org", 8443, "a/b", "ann", "s3cret/@", (("orgId", "2"), ("x", "")), "top"
    )
    assert address.shown == "https://example.org:8443/a/b"
    assert "s3cret" not in repr(address)
    assert parse("http://[::1]:3000").shown == "http://[::1]:3000"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "grafana:3000",
        "ftp://h",
        "http://h:99999",
        "http://[::1",
        "http:///x",
        "//h",
        "http://a..b",
        f"http://{'a' * 64}.b",
    ],
)
def test_no_address(text: str) -> None:
    """Anything but an http or https address is refused with an example, and the setting that it came from."""
    with pytest.raises(
        DashboardsError, match=r"THE_URL: is not an http or https address\n  e\.g\. https://example\.org"
    ):
        parse(text)


@pytest.mark.fault("query parameters and fragments of GRAFANA_URL are dropped without a word")
@pytest.mark.parametrize(
    ("rest", "named"),
    [
        ("?kiosk", "query parameter 'kiosk'"),
        ("?orgId=2&auth_token=s3cret&from=now-1h&from=x", "query parameter 'auth_token', query parameter 'from'"),
        ("/d/abc#top", "a fragment (#...)"),
    ],
)
def test_unused_parts_are_named(rest: str, named: str) -> None:
    """Each parameter once, by name only: values may be secrets."""
    with pytest.raises(DashboardsError, match="THE_URL: has ") as error:
        refuse_leftovers(parse(f"https://h/x{rest}"), "THE_URL", frozenset({"orgId"}))
    assert error.value.cause == f"has {named}, which has no effect here"
    assert "s3cret" not in str(error.value)
    assert error.value.fix.endswith("?orgId=2") == ("orgId" in rest), "what has an effect is kept"


@pytest.mark.parametrize(
    ("rest", "fix"),
    [
        ("?orgid=2", "https://h?orgId=2"),
        ("/grafana/d/abc/cilium-overview?org_id=3&from=now-1h", "https://h/grafana?orgId=3"),
        ("/explore?ORGID=2&orgId=4", "https://h?orgId=2&orgId=4"),
        ("/dashboards/f/abc?org=s3cret", "https://h"),
        (
            "/api/v1/namespaces/m/services/grafana:80/proxy?kiosk",
            "https://h/api/v1/namespaces/m/services/grafana:80/proxy",
        ),
        ("/d?x=1", "https://h/d"),
    ],
)
def test_the_address_of_a_page_of_grafana(rest: str, fix: str) -> None:
    """The fix is the server's address with the organization, also of a misspelt parameter if its value is a number."""
    with pytest.raises(DashboardsError) as error:
        read_login(f"https://h{rest}", "x", None, None)
    assert error.value.fix.endswith(f"not that of a page: {fix}")
    assert "s3cret" not in str(error.value)


@pytest.mark.parametrize(
    ("rest", "own"),
    [
        *(
            ("/graph", "https://h"),
            ("/prom/classic/targets", "https://h/prom"),
            ("/select/0/vmui", "https://h/select/0"),
        ),
        *(("/api/v1/query", "https://h"), ("/api/v1", "https://h"), ("/api/v1/namespaces/m/services/p:9090/proxy", "")),
        *(("/prometheus", ""), ("", ""), ("/graphs", "")),
    ],
)
def test_the_address_of_a_page_of_prometheus(rest: str, own: str) -> None:
    """It is accepted, as anything may be served anywhere; where something else answers, the fix has the own address."""
    server = Server("Prometheus", prometheus_address(f"https://h{rest}"), "--prometheus", pages=PAGES)
    page = f"give the server's own address in --prometheus, not that of a page: {own}"
    assert server.address_fix == (page if own else "check --prometheus, its path included")


@pytest.mark.parametrize(
    ("text", "warns"),
    [
        ("https://grafana.example.org", False),
        ("http://localhost:3000", False),
        ("http://a.localhost", False),
        ("http://127.8.8.8", False),
        ("http://[::1]:3000", False),
        ("http://grafana.monitoring.svc:3000", True),
        ("http://10.0.0.1", True),
        ("http://localhost.example.org", True),
        ("http://[fd00::1]", True),
    ],
)
def test_a_secret_without_tls(text: str, warns: bool) -> None:
    """A warning for each host but this machine; with TLS none."""
    warning = unencrypted_warning(parse(text), "THE_TOKEN")
    assert (warning is not None) is warns
    assert not warning or warning.startswith(f"THE_TOKEN is sent to {parse(text).netloc} over http://")
