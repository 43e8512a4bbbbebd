"""Each kind of TLS failure is reported with OpenSSL's reason and its fix.

The servers are real, and so are their certificates; Grafana and Prometheus use the same session code.
"""

import os
import re
import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme

from tests.fakes.grafana import Fault, fake_grafana
from tests.web.conftest import Certificates, Client, grafana_error

NOW = datetime.now(UTC)
DAY = timedelta(days=1)
Case = Callable[[Certificates], tuple[ssl.SSLContext, str | None]]


def self_signed(certificates: Certificates) -> tuple[ssl.SSLContext, str | None]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    key = certificates.write("key.pem", certificates.authority.private_key_pem.bytes())
    context.load_cert_chain(certificates.ca_file, key)
    return context, None


def unknown_ca(certificates: Certificates) -> tuple[ssl.SSLContext, str | None]:
    return certificates.context(certificates.authority.issue_cert("127.0.0.1")), None


def another_ca(certificates: Certificates) -> tuple[ssl.SSLContext, str | None]:
    other = certificates.write("other.pem", trustme.CA().cert_pem.bytes())
    return certificates.context(certificates.authority.issue_cert("127.0.0.1")), other


def no_ca(certificates: Certificates) -> tuple[ssl.SSLContext, str | None]:
    other = certificates.authority.issue_cert("127.0.0.2").cert_chain_pems[0].bytes()
    return certificates.context(certificates.authority.issue_cert("127.0.0.1")), certificates.write("leaf.pem", other)


def intermediate_missing(certificates: Certificates) -> tuple[ssl.SSLContext, str | None]:
    leaf = certificates.authority.create_child_ca().issue_cert("127.0.0.1")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    chain = leaf.cert_chain_pems[0].bytes() + leaf.private_key_pem.bytes()
    context.load_cert_chain(certificates.write("leaf-alone.pem", chain))
    return context, certificates.ca_file


def expired(certificates: Certificates) -> tuple[ssl.SSLContext, str | None]:
    leaf = certificates.authority.issue_cert("127.0.0.1", not_before=NOW - 9 * DAY, not_after=NOW - DAY)
    return certificates.context(leaf), certificates.ca_file


def not_yet_valid(certificates: Certificates) -> tuple[ssl.SSLContext, str | None]:
    leaf = certificates.authority.issue_cert("127.0.0.1", not_before=NOW + DAY, not_after=NOW + 9 * DAY)
    return certificates.context(leaf), certificates.ca_file


def another_address(certificates: Certificates) -> tuple[ssl.SSLContext, str | None]:
    return certificates.context(certificates.authority.issue_cert("10.0.0.1")), certificates.ca_file


def another_name(certificates: Certificates) -> tuple[ssl.SSLContext, str | None]:
    return certificates.context(certificates.authority.issue_cert("grafana.example.org")), certificates.ca_file


CERTIFICATES: tuple[tuple[Case, str, str], ...] = (
    (self_signed, "self-signed certificate", r"give the CA that signed it with --\S*ca-file: `openssl s_client"),
    (unknown_ca, "unable to get local issuer certificate", r"give the CA that signed it with --\S*ca-file"),
    (another_ca, "unable to get local issuer certificate", r"other.pem holds a CA that did not sign it, or"),
    (no_ca, "unable to get local issuer certificate", "leaf.pem holds no CA, only a certificate that did not sign it"),
    (intermediate_missing, "unable to get local issuer certificate", "does not send its intermediate certificate"),
    (
        expired,
        "certificate has expired",
        r"renew the certificate, or that of its CA \(it is 20..-..-.. ..:.. UTC here\)",
    ),
    (not_yet_valid, "certificate is not yet valid", r"renew the certificate, or that of its CA \(it is 20"),
    (another_address, "IP address mismatch, certificate is not valid for '127.0.0.1'", "use a name in .*_URL that the"),
    (another_name, "IP address mismatch, certificate is not valid for '127.0.0.1'", "-ext subjectAltName"),
)


@pytest.mark.fault("for an expired certificate, or one of another host, the fix is: give the CA")
@pytest.mark.parametrize(("case", "reason", "fix"), CERTIFICATES, ids=[case.__name__ for case, _, _ in CERTIFICATES])
def test_a_certificate_that_is_refused(
    certificates: Certificates, request_error: Client, case: Case, reason: str, fix: str
) -> None:
    """OpenSSL's reason is the cause, the fix matches it, and its command runs against that server."""
    context, ca_file = case(certificates)
    with fake_grafana(tls=context) as server:
        error = request_error(server.url, ca_file)
        assert error is not None
        assert error.cause == f"its certificate is refused: {reason}"
        assert re.search(fix, error.fix)
        assert error.exit_code == 2
        command = re.search(r"`(openssl .*)`", error.fix)
        assert command
        shown = subprocess.run(command[1], shell=True, capture_output=True, text=True, timeout=20, check=False)
        assert shown.returncode == 0, shown.stderr
        assert shown.stdout


def test_a_host_name_that_the_certificate_lacks(certificates: Certificates, request_error: Client) -> None:
    """A mismatch of host names is reported like one of addresses."""
    context = certificates.context(certificates.authority.issue_cert("grafana.example.org"))
    with fake_grafana(tls=context) as server:
        error = request_error(server.url.replace("127.0.0.1", "localhost"), certificates.ca_file)
    assert error is not None
    assert "Hostname mismatch, certificate is not valid for 'localhost'" in error.cause


def test_a_certificate_that_is_trusted(
    certificates: Certificates, request_error: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The CA file may hold the CA or the certificate itself, or the environment names the CA; another CA fails."""
    leaf = certificates.authority.issue_cert("127.0.0.1")
    other = certificates.write("other.pem", trustme.CA().cert_pem.bytes())
    with fake_grafana(tls=certificates.context(leaf)) as server:
        assert request_error(server.url, certificates.ca_file) is None
        assert request_error(server.url, certificates.write("pinned.pem", leaf.cert_chain_pems[0].bytes())) is None
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", certificates.ca_file)
        assert request_error(server.url, None) is None
        assert request_error(server.url, other) is not None
        monkeypatch.delenv("REQUESTS_CA_BUNDLE")
        monkeypatch.setenv("SSL_CERT_FILE", certificates.ca_file)
        assert request_error(server.url, None) is None


def missing(certificates: Certificates) -> str:
    return str(certificates.directory / "nothing.pem")


def directory(certificates: Certificates) -> str:
    return str(certificates.directory)


def empty(certificates: Certificates) -> str:
    return certificates.write("empty.pem", b"")


def text(certificates: Certificates) -> str:
    return certificates.write("text.pem", b"<html>log in</html>")


def key(certificates: Certificates) -> str:
    return certificates.write("key.pem", certificates.authority.private_key_pem.bytes())


def der(certificates: Certificates) -> str:
    return certificates.write("ca.der", ssl.PEM_cert_to_DER_cert(certificates.authority.cert_pem.bytes().decode()))


@pytest.mark.parametrize(
    ("case", "cause"),
    [
        (missing, "No such file or directory"),
        (directory, "Is a directory"),
        (empty, "holds no certificate in PEM form"),
        (text, "holds no certificate in PEM form"),
        (key, "holds no certificate in PEM form"),
        (der, "holds no certificate in PEM form"),
    ],
)
def test_an_invalid_ca_file(
    certificates: Certificates, request_error: Client, case: Callable[[Certificates], str], cause: str
) -> None:
    """The error names it, the option and the reason, before any request."""
    file = case(certificates)
    error = request_error("https://127.0.0.1:1", file)
    assert error is not None
    assert re.fullmatch(rf"--\S*ca-file {re.escape(file)}", error.what)
    assert error.cause == cause
    assert error.fix


def test_an_invalid_bundle_in_the_environment(monkeypatch: pytest.MonkeyPatch, request_error: Client) -> None:
    """The error names the variable, not the option."""
    monkeypatch.setenv("CURL_CA_BUNDLE", "/nonexistent.pem")
    error = request_error("https://127.0.0.1:1", None)
    assert error is not None
    assert str(error).startswith("REQUESTS_CA_BUNDLE or CURL_CA_BUNDLE /nonexistent.pem: No such file or directory\n")


def test_a_ca_file_that_we_may_not_read(certificates: Certificates) -> None:
    """As root, which may read everything, the test switches to nobody."""
    file = Path(certificates.ca_file)
    file.chmod(0)
    grafana_error("https://127.0.0.1:1", str(file))  # so that late imports are done before switching to nobody
    child = os.fork()
    if child == 0:
        if os.geteuid() == 0:
            os.setuid(65534)
        error = grafana_error("https://127.0.0.1:1", str(file))
        os._exit(0 if error and error.cause == "Permission denied" else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


@pytest.mark.fault("for https at a port that speaks http, or http at one that speaks TLS, the fix is: give the CA")
def test_https_at_a_port_without_tls(request_error: Client) -> None:
    """A port that speaks http is not tried again."""
    with fake_grafana() as server:
        error = request_error(server.url.replace("http:", "https:"), None)
    assert error is not None
    assert error.cause == "does not speak TLS on this port"
    assert "write http://" in error.fix


@pytest.mark.fault("for https at a port that speaks http, or http at one that speaks TLS, the fix is: give the CA")
@pytest.mark.parametrize(
    "page",
    [
        "Client sent an HTTP request to an HTTPS server.\n",
        "<html><title>400 The plain HTTP request was sent to HTTPS port</title></html>",
        "<p>Reason: You're speaking plain HTTP to an SSL-enabled server port.</p>",
    ],
    ids=["Go", "nginx", "Apache"],
)
def test_http_at_a_port_with_tls(page: str, request_error: Client) -> None:
    """The answers of Go, nginx and Apache to a request without TLS are recognized."""
    with fake_grafana() as server:
        server.faults.append(Fault("GET ", 400, page, "text/html", times=9))
        error = request_error(server.url, None)
    assert error is not None
    assert error.cause == "expects TLS on this port, not plain http"
    assert "write https://" in error.fix


@pytest.mark.fault("for https at a port that speaks http, or http at one that speaks TLS, the fix is: give the CA")
@pytest.mark.parametrize("demands", [ssl.CERT_NONE, ssl.CERT_REQUIRED], ids=["any client", "a client certificate"])
def test_http_at_a_port_that_closes(certificates: Certificates, request_error: Client, demands: ssl.VerifyMode) -> None:
    """A server with TLS that just closes the connection is known by its answer to TLS."""
    context = certificates.context(certificates.authority.issue_cert("127.0.0.1"))
    context.verify_mode = demands
    with fake_grafana(tls=context) as server:
        error = request_error(server.url.replace("https:", "http:"), None)
    assert error is not None
    assert error.cause == "expects TLS on this port, not plain http"
    assert "write https://" in error.fix


def test_a_port_that_closes_whatever_comes(request_error: Client) -> None:
    """Without TLS either, it may be neither: the fix is to check http, https and port."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=close_all, args=(listener,), daemon=True).start()
        error = request_error(f"http://127.0.0.1:{listener.getsockname()[1]}", None)
    assert error is not None
    assert error.cause.startswith("cannot be reached (")
    assert "(http or https, port)" in error.fix


def close_all(listener: socket.socket) -> None:
    """Close each connection, until the listener is closed."""
    with suppress(OSError):
        while True:
            listener.accept()[0].close()


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3], ids=["1.2", "1.3"])
def test_a_client_certificate_is_demanded(
    certificates: Certificates, request_error: Client, version: ssl.TLSVersion
) -> None:
    """A server that requires a client certificate is reported as such."""
    context = certificates.context(certificates.authority.issue_cert("127.0.0.1"))
    context.verify_mode = ssl.CERT_REQUIRED
    certificates.authority.configure_trust(context)
    context.maximum_version = version
    with fake_grafana(tls=context) as server:
        error = request_error(server.url, certificates.ca_file)
    assert error is not None
    assert "client certificate" in str(error)
    assert "--ca-file" not in str(error)


def test_the_cause_is_kept(certificates: Certificates) -> None:
    """--debug adds OpenSSL's own error; exit code and hidden secrets are the same as without it."""
    context = certificates.context(certificates.authority.issue_cert("127.0.0.1"))
    with fake_grafana(tls=context) as server:
        command = [sys.executable, "-c", "from dashboards_py.cli import main; main()", "--debug", "deploy", "grafana"]
        env = {"PATH": os.environ["PATH"], "GRAFANA_URL": server.url, "GRAFANA_TOKEN": "glsa_x"}
        shown = subprocess.run(command, env=env, capture_output=True, text=True, check=False, timeout=60)
    assert "ssl.SSLCertVerificationError: [SSL: CERTIFICATE_VERIFY_FAILED]" in shown.stderr
    assert "The above exception was the direct cause of the following exception" in shown.stderr
    assert "glsa_x" not in shown.stderr
