"""What answers at the address: login pages, tenants, clocks; the cause is the first line, the exit code fits."""

import json
import socket
import ssl
import time
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import trustme
from click.testing import CliRunner

from dashboards_py import prometheus
from dashboards_py.cli import cli
from dashboards_py.cli._run import run
from dashboards_py.cli.doctor import command
from dashboards_py.doctor import cause_ids
from dashboards_py.errors import DashboardsError

FAULTS: Mapping[str, Mapping[str, Any]] = tomllib.loads(
    (Path(__file__).parent / "faults/server.toml").read_text(encoding="utf-8")
)
KNOWN = {"summary", "cause", "fix", "exit", "port", "status", "body", "headers", "clock", "warnings"}
SECRET = "hunter2"


def answer(query: str, fault: Mapping[str, Any]) -> str:
    """The answer of a Prometheus with an agent and nothing else."""
    if query == "time()":
        now = time.time() + fault.get("clock", 0)
        data: dict[str, Any] = {"resultType": "scalar", "result": [now, str(now)]}
    else:
        data = {"resultType": "vector", "result": []}
    return json.dumps({"status": "success", "data": data, "warnings": fault.get("warnings", [])})


@contextmanager
def served(fault: Mapping[str, Any]) -> Iterator[str]:
    """The address of a server with a fault."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            query = parse_qs(urlsplit(self.path).query).get("query", [""])[0]
            is_json = "status" not in fault or fault.get("body", "").startswith("{")
            body = (fault.get("body", "") if "status" in fault else answer(query, fault)).encode()
            self.send_response(fault.get("status", 200))
            self.send_header("Content-Type", "application/json" if is_json else "text/html")
            for name, value in fault.get("headers", {}).items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Log nothing."""

    with ExitStack() as stack:
        port = fault.get("port", "")
        if port in ("closed", "silent"):
            listener = stack.enter_context(socket.socket())
            listener.bind(("127.0.0.1", 0))
            if port == "silent":
                listener.listen(64)
            yield f"http://user:{SECRET}@127.0.0.1:{listener.getsockname()[1]}"
            return
        server = stack.enter_context(ThreadingHTTPServer(("127.0.0.1", 0), Handler))
        if port == "self-signed":
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            trustme.CA().issue_cert("127.0.0.1").configure_cert(context)
            server.socket = context.wrap_socket(server.socket, server_side=True)
        Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        stack.callback(server.shutdown)
        scheme = "https" if port in ("https", "self-signed") else "http"
        yield f"{scheme}://user:{SECRET}@127.0.0.1:{server.server_port}"


@pytest.mark.parametrize(
    "fault",
    [pytest.param(data, id=name, marks=pytest.mark.fault(data["summary"])) for name, data in FAULTS.items()],
)
def test_the_cause_is_the_first_line(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    fault: Mapping[str, Any],
) -> None:
    """Each kind of server that gives no data has one cause, its exit code, and no secret in the output."""
    assert fault.keys() <= KNOWN
    defaults = {**(prometheus.over_http.__kwdefaults__ or {}), "seconds": 0.5 if fault.get("port") == "silent" else 30}
    monkeypatch.setattr(prometheus.over_http, "__kwdefaults__", defaults)
    with served(fault) as url:
        code = run(cli, ["doctor", "--prometheus", url, "--board", "cilium-overview", "--json"])
    captured = capsys.readouterr()
    report = json.loads(captured.out)
    rules = [finding["rule"] for finding in report["findings"]]
    expected = [fault["cause"], "no-cilium"] if fault["exit"] == 1 else [fault["cause"]]
    assert sorted(rules) == sorted(expected)
    assert code == fault["exit"]
    assert fault.get("fix", "") in report["findings"][0]["fix"]
    assert SECRET not in captured.out + captured.err


def test_the_causes_of_faults_exist() -> None:
    """A fault names a cause that there is."""
    assert {fault["cause"] for fault in FAULTS.values()} <= set(cause_ids())


def test_a_header_without_a_name_is_refused_without_showing_it() -> None:
    """What is no header may be a secret: it is not repeated."""
    result = CliRunner().invoke(cli, ["doctor", "--prometheus", "http://127.0.0.1:9", "--header", SECRET])
    assert result.exit_code == 2
    assert SECRET not in result.output


@pytest.mark.fault("a header in PROMETHEUS_HEADERS may have no blank, so that a bearer token cannot be given there")
@pytest.mark.parametrize(
    ("text", "headers"),
    [
        ("Authorization: Bearer a.b:c", ["Authorization: Bearer a.b:c"]),
        (
            "X-Scope-OrgID: team\n\nReferer: https://example.org\n",
            ["X-Scope-OrgID: team", "Referer: https://example.org"],
        ),
        ("X-Scope-OrgID:one X-Other:two", ["X-Scope-OrgID:one", "X-Other:two"]),
        ("  ", []),
    ],
)
def test_headers_of_the_environment(text: str, headers: list[str]) -> None:
    """One on each line, or words without blanks."""
    [option] = [option for option in command.params if option.name == "headers"]
    assert option.type.split_envvar_value(text) == headers


@pytest.mark.fault("a server that demands a password is said to need a token")
@pytest.mark.parametrize(
    ("user", "token", "challenge", "fix"),
    [
        ("", "", 'Basic realm="metrics"', "give user and password in URL: http://USER:PASSWORD@127.0.0.1:"),
        ("", "", 'Bearer, basic realm="metrics"', "give user and password in URL: "),
        ("", "", "Bearer", "give a token in PROMETHEUS_TOKEN"),
        ("", "", "", "give a token in PROMETHEUS_TOKEN"),
        (f"me:{SECRET}@", "", "Basic", "check user and password in URL"),
        ("", SECRET, "Basic", "leave PROMETHEUS_TOKEN out, and put them into URL"),
        ("", SECRET, "Bearer", "check PROMETHEUS_TOKEN"),
    ],
)
def test_what_a_server_demands(user: str, token: str, challenge: str, fix: str) -> None:
    """As its header WWW-Authenticate says, and as what was sent lets us know; nothing secret is shown.

    The address with user and password has the path of the one that was given.
    """
    with served({"status": 401, "body": "no", "headers": {"WWW-Authenticate": challenge}}) as url:
        address = f"http://{user}{url.rpartition('@')[2]}/monitoring"
        ask = prometheus.over_http(address, token, url_setting="URL")
        with pytest.raises(DashboardsError) as error:
            ask("query", {"query": "up"})
    assert fix in str(error.value.fix)
    assert "USER" not in str(error.value.fix) or str(error.value.fix).endswith("/monitoring")
    assert SECRET not in str(error.value)


@pytest.mark.fault("where a tenant may not be read, doctor advises a token and does not name the header")
@pytest.mark.parametrize(
    ("header", "fix"),
    [
        ("X-Scope-OrgID", "check what is sent as X-Scope-OrgID, or give a token in PROMETHEUS_TOKEN"),
        ("Authorization", "check what is sent as Authorization"),
    ],
)
def test_headers_that_a_server_refuses(header: str, fix: str) -> None:
    """They are named, without their values."""
    with served({"status": 403, "body": "no", "headers": {}}) as url:
        ask = prometheus.over_http(f"http://{url.rpartition('@')[2]}", headers={header: SECRET})
        with pytest.raises(DashboardsError) as error:
            ask("query", {"query": "up"})
    assert error.value.fix == fix
    assert SECRET not in str(error.value)
