"""Options for a Prometheus: its CA, its token, and the warning if the token is sent without TLS."""

import json
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from dashboards_py.cli import cli
from dashboards_py.cli._prometheus import prometheus_at
from dashboards_py.cli._run import run
from dashboards_py.errors import REFUSED, USAGE, DashboardsError, Refused
from tests.fakes.grafana import Fault, fake_grafana
from tests.web.conftest import Certificates


@pytest.fixture
def certificates(tmp_path: Path) -> Certificates:
    """A CA for the test."""
    return Certificates(tmp_path)


@pytest.mark.fault("PROMETHEUS_URL has no CA option")
def test_its_ca(certificates: Certificates, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the CA that signed its certificate a Prometheus is queried, token included."""
    monkeypatch.setenv("PROMETHEUS_TOKEN", "editor-token")
    context = certificates.context(certificates.authority.issue_cert("127.0.0.1"))
    with fake_grafana(tls=context) as server:
        answer = {"resultType": "vector", "result": []}
        server.faults.append(Fault("GET /v1/query", 200, json.dumps({"status": "success", "data": answer})))
        get = prometheus_at(server.url, certificates.ca_file)
        assert get is not None
        assert get("query", {"query": "up"}) == answer
    help_text = CliRunner().invoke(cli, ["cluster", "verify", "--help"]).output
    assert "--prometheus-ca-file" in help_text
    assert "PROMETHEUS_CA_FILE" in help_text


@pytest.mark.fault("a token over http:// to another machine gives no warning")
@pytest.mark.parametrize(
    ("url", "token", "secret"),
    [
        ("http://prometheus.example.org", "s3cret", "PROMETHEUS_TOKEN"),
        ("http://ann:s3cret@prometheus.example.org", "", "the password in PROMETHEUS_URL"),
        ("http://prometheus.example.org", "", ""),
        ("https://prometheus.example.org", "s3cret", ""),
        ("http://localhost:9090", "s3cret", ""),
    ],
)
def test_a_token_without_tls(
    url: str, token: str, secret: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The warning is printed to stderr, names the secret that is sent, and does not contain it."""
    monkeypatch.setenv("PROMETHEUS_TOKEN", token)
    assert prometheus_at(url, None) is not None
    stdout, stderr = capsys.readouterr()
    warning = f"Warning: {secret} is sent to prometheus.example.org over http://, readable by anyone in between"
    assert stdout == ""
    assert stderr.startswith(warning) if secret else stderr == ""
    assert "s3cret" not in stderr


@pytest.mark.fault("a bearer token in PROMETHEUS_HEADERS goes over http:// without a warning")
@pytest.mark.parametrize(
    ("headers", "token", "sent"),
    [
        ({"Authorization": "Bearer s3cret"}, "", "the header Authorization is sent"),
        ({"X-API-Key": "s3cret", "X-Scope-OrgID": "a"}, "", "the header X-API-Key is sent"),
        ({"X-API-Key": "s3cret"}, "s3cret", "PROMETHEUS_TOKEN and the header X-API-Key are sent"),
        ({"x-scope-orgid": "a", "THANOS-TENANT": "b"}, "", ""),
    ],
)
def test_a_header_without_tls(
    headers: dict[str, str],
    token: str,
    sent: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Every header but that of a tenant may be a secret, and is named without its value."""
    monkeypatch.setenv("PROMETHEUS_TOKEN", token)
    assert prometheus_at("http://prometheus.example.org", None, headers) is not None
    stderr = capsys.readouterr().err
    assert stderr.startswith(f"Warning: {sent} to prometheus.example.org") if sent else stderr == ""
    assert "s3cret" not in stderr


def _commands(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[tuple[str, click.Command]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        child = group.get_command(context, name)
        assert child
        if isinstance(child, click.Group):
            yield from _commands(child, (*path, name))
        else:
            yield " ".join((*path, name)), child


@pytest.mark.fault("an option without effect is refused with the name of an option that the command does not have")
@pytest.mark.parametrize(
    ("command", "option"),
    [(("upgrade", "--from", "1.18"), "--prometheus"), (("cluster", "verify"), "--prometheus-url")],
)
def test_what_a_header_needs(command: tuple[str, ...], option: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The option for the address, as the command calls it."""
    assert run(cli, [*command, "--header", "A: b"]) == USAGE
    assert f"--header has no effect without {option}\n" in capsys.readouterr().err


@pytest.mark.fault("the fix for a tenant that is not named is a header that the command has no option for")
def test_every_command_that_asks_a_prometheus_sends_headers() -> None:
    """It has the option for it, and the one for certificates."""
    options = {name: {parameter.name for parameter in command.params} for name, command in _commands(cli)}
    asking = {name: known for name, known in options.items() if "prometheus_url" in known}
    assert len(asking) >= 6
    assert [name for name, known in asking.items() if not {"headers", "prometheus_ca_file"} <= known] == []


@pytest.mark.fault("a command does not say how to name the tenant that a Prometheus demands")
@pytest.mark.parametrize("line", ["upgrade", "preview --out pictures hubble-dns"])
def test_a_tenant_that_is_not_named(line: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The fix is the option with the header that the server reads."""
    with fake_grafana() as server:
        server.faults.append(Fault("GET /v1/", 401, "no org id\n"))
        assert run(cli, [*line.split(), "--prometheus", server.url]) == REFUSED
    assert "--header 'X-Scope-OrgID: TENANT'" in "".join(capsys.readouterr())


def test_no_address() -> None:
    """Without an address other code queries the cluster's own Prometheus."""
    assert prometheus_at(None, None) is None


def test_an_invalid_token(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is sent; the token is not shown."""
    for token in ("ключ", "a\nb", "a\udcffb"):
        monkeypatch.setenv("PROMETHEUS_TOKEN", token)
        with pytest.raises(Refused, match=r"^PROMETHEUS_TOKEN: contains characters that are not allowed in a token"):
            prometheus_at("http://127.0.0.1:9", None)


@pytest.mark.fault("a 503 of a gateway in front of Prometheus does not show what the gateway says")
@pytest.mark.parametrize(
    ("status", "body", "cause"),
    [
        (503, '{"message": "no healthy upstream"}', "answers 503: no healthy upstream"),
        (503, '{"error": "tenant is over its limit", "code": 503}', "answers 503: tenant is over its limit"),
        (500, '{"detail": "x"}', "answers 500: x"),
        (503, "{}", "answers 503: a response without a status"),
        (503, "[]", "answers 503: not a response of Prometheus"),
        (503, '{"status": "error", "errorType": "timeout", "error": "query timed out"}', "query timed out"),
        (400, '{"status": "error", "errorType": "bad_data", "error": "parse error"}', "parse error"),
    ],
)
def test_an_error_says_what_the_server_said(status: int, body: str, cause: str) -> None:
    """Prometheus' own error, or that of a gateway, by which name it calls it."""
    with fake_grafana() as server:
        server.faults.append(Fault("GET /v1/query", status, body))
        get = prometheus_at(server.url, None)
        assert get is not None
        with pytest.raises(DashboardsError) as caught:
            get("query", {"query": "up"})
    assert caught.value.cause == cause
