"""Start and stop the real components from PATH and GRAFANA_HOME, on free loopback ports."""

import os
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.components import grafana_home

DATASOURCE = """\
apiVersion: 1
datasources:
  - {{name: Prometheus, uid: prometheus, type: prometheus, access: proxy, isDefault: true, url: "{url}",
     jsonData: {{timeInterval: "{interval}s", httpMethod: POST}}}}
"""


def free_port() -> int:
    """A free port."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@contextmanager
def prometheus(
    data: Path,
    binary: str = "prometheus",
    config: str = "global: {scrape_interval: 1h}\n",
    options: Sequence[str] = (),
) -> Iterator[str]:
    """A Prometheus with a data directory and a configuration; yields its address."""
    path = data.parent / f"{data.name}.yaml"
    path.write_text(config, encoding="utf-8")
    port = free_port()
    command = [f"--config.file={path}", f"--storage.tsdb.path={data}", f"--web.listen-address=127.0.0.1:{port}"]
    defaults = ["--storage.tsdb.retention.time=10y", "--query.lookback-delta=5m", "--log.level=error"]
    named = {option.partition("=")[0] for option in options}
    storage = [*(option for option in defaults if option.partition("=")[0] not in named), *options]
    env = {"GOGC": "400"}  # it runs for longer than the kubectl and helm for which a run of the tests may turn it off
    log, ready = data.parent / "prometheus.log", f"http://127.0.0.1:{port}/-/ready"
    with run([binary, *command, *storage], log, ready, env) as url:
        yield url.removesuffix("/-/ready")


@contextmanager
def grafana(
    directory: Path,
    *,
    source: str = "http://127.0.0.1:9",
    interval: int = 30,
    settings: Mapping[str, str] | None = None,
) -> Iterator[str]:
    """A Grafana with its state in `directory`, admin/admin, visitors as viewers, data source `prometheus` at `source`.

    `directory`/provisioning is read as Grafana's provisioning; `settings` are more GF_ variables.
    """
    home = grafana_home()
    assert home is not None
    for name in ("datasources", "dashboards", "plugins", "alerting"):
        (directory / "provisioning" / name).mkdir(parents=True, exist_ok=True)
    (directory / "provisioning/datasources/prometheus.yaml").write_text(
        DATASOURCE.format(url=source, interval=interval)
    )
    port = free_port()
    env = {
        "GF_PATHS_DATA": str(directory / "data"),
        "GF_PATHS_LOGS": str(directory / "log"),
        "GF_PATHS_PROVISIONING": str(directory / "provisioning"),
        "GF_SERVER_HTTP_ADDR": "127.0.0.1",
        "GF_SERVER_HTTP_PORT": str(port),
        "GF_LOG_LEVEL": "warn",
        "GF_SECURITY_ADMIN_PASSWORD": "admin",
        "GF_SECURITY_DISABLE_BRUTE_FORCE_LOGIN_PROTECTION": "true",
        "GF_AUTH_ANONYMOUS_ENABLED": "true",
        "GF_AUTH_ANONYMOUS_ORG_ROLE": "Viewer",
        "GF_ANALYTICS_REPORTING_ENABLED": "false",
        "GF_ANALYTICS_CHECK_FOR_UPDATES": "false",
        "GF_ANALYTICS_CHECK_FOR_PLUGIN_UPDATES": "false",
        "GF_PLUGINS_PREINSTALL_DISABLED": "true",
        "GF_NEWS_NEWS_FEED_ENABLED": "false",
        **(settings or {}),
    }
    command = [str(home / "bin" / "grafana"), "server", "--homepath", str(home)]
    with run(command, directory / "grafana.log", f"http://127.0.0.1:{port}/api/health", env) as url:
        yield url.removesuffix("/api/health")


@contextmanager
def run(command: list[str], log: Path, ready: str, env: Mapping[str, str] | None = None) -> Iterator[str]:
    """A program that is ready once its address `ready` answers 200, and is stopped when the block ends."""
    with log.open("ab") as out:
        process = subprocess.Popen(
            command, stdout=out, stderr=out, env={**os.environ, **(env or {})}, start_new_session=True
        )
    try:
        _wait(process, ready, log)
        yield ready
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_until_ok(url: str, seconds: float = 60) -> None:
    """Return once the address answers 200, for something that a component loads after it is ready."""
    deadline = time.monotonic() + seconds
    while not _answers(url):
        if time.monotonic() > deadline:
            raise RuntimeError(f"{url} did not answer in {seconds:g} s")
        time.sleep(0.2)


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _wait(process: "subprocess.Popen[bytes]", url: str, log: Path, seconds: float = 90) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and process.poll() is None:
        if _answers(url):
            return
        time.sleep(0.2)
    raise RuntimeError(f"{process.args!r} did not become ready: {log.read_text()[-1500:]}")
