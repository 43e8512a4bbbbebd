"""A real Envoy, configured as by Cilium: listeners and clusters by discovery, /metrics through its admin interface."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

from tests.live.processes import free_port, run

TYPE = "type.googleapis.com/envoy"
LISTENER = "listener-insecure"  # Cilium's name for the listener of a Gateway
WEB, UNREACHABLE, TLS = "shop/cilium-gateway/shop:web:80", "shop/cilium-gateway/shop:dead:80", "egress-cluster-tls"
SLOW = 0.5  # seconds that the slow backend takes; the route waits a tenth of it


@dataclass(frozen=True, slots=True)
class Envoy:
    """The ports of its listener and of its metrics, and the directory from which it reads its listeners."""

    port: int
    metrics: int
    directory: Path

    def get(self, path: str) -> int:
        """The status of a request through the listener."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=10)
        connection.request("GET", path)
        status = connection.getresponse().status
        connection.close()
        return status

    def listen(self, *listeners: dict[str, Any]) -> None:
        """Replace its listeners, as the agent does."""
        _write_discovery(self.directory / "lds.json", "config.listener.v3.Listener", listeners)


@contextmanager
def envoy(directory: Path) -> Iterator[Envoy]:
    """An Envoy in front of one backend that answers `/shop/STATUS` and `/slow`, and one where nothing listens."""
    directory.mkdir(exist_ok=True)
    admin, port, metrics, unused = (free_port() for _ in range(4))
    backend = ThreadingHTTPServer(("127.0.0.1", 0), Backend)
    Thread(target=backend.serve_forever, args=(0.05,), daemon=True).start()
    envoy = Envoy(port, metrics, directory)
    clusters = [
        _cluster("/envoy-admin", admin),
        _cluster(WEB, backend.server_address[1], unused, health_checks=[HEALTH]),
        _cluster(UNREACHABLE, unused),
        _cluster(TLS, unused, transport_socket=_typed("transport_sockets.tls.v3.UpstreamTlsContext", name="tls")),
    ]
    _write_discovery(directory / "cds.json", "config.cluster.v3.Cluster", clusters)
    envoy.listen(*listeners(envoy))
    config = directory / "envoy.json"
    config.write_text(json.dumps(_bootstrap(admin, directory)), encoding="utf-8")
    command = ["envoy", "-c", str(config), "--disable-hot-restart", "--log-level", "error", "--concurrency", "1"]
    try:
        with run(command, directory / "envoy.log", f"http://127.0.0.1:{metrics}/metrics"):
            yield envoy
    finally:
        backend.shutdown()
        backend.server_close()


class Backend(BaseHTTPRequestHandler):
    """Answers with the status at the end of the path; late if it begins with /slow."""

    def do_GET(self) -> None:
        if self.path.startswith("/slow"):
            time.sleep(SLOW)
        last = self.path.rpartition("/")[2]
        self.send_response(int(last) if last.isdigit() else 200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Log nothing: it would mix with the output of the test."""


HEALTH = {
    "timeout": "1s",
    "interval": "0.5s",
    "no_traffic_interval": "0.5s",
    "healthy_threshold": 1,
    "unhealthy_threshold": 1,
    "http_health_check": {"path": "/shop/200"},
}


def listeners(envoy: Envoy) -> list[dict[str, Any]]:
    """The Gateway's listener, and the one at which Cilium's Envoy exposes its metrics."""
    retries = {"retry_on": "connect-failure", "num_retries": 1}
    gateway = [
        _route("/shop", WEB),
        _route("/slow", WEB, timeout=f"{SLOW / 10}s"),
        _route("/dead", UNREACHABLE, retry_policy=retries),
        _route("/tls", TLS),
    ]
    metrics = [_route("/metrics", "/envoy-admin", prefix_rewrite="/stats/prometheus")]
    return [
        _listener(LISTENER, envoy.port, gateway),
        _listener("envoy-prometheus-metrics-listener", envoy.metrics, metrics),
    ]


def _bootstrap(admin: int, directory: Path) -> dict[str, Any]:
    return {
        "node": {"id": "node-1", "cluster": "cilium"},
        "admin": {"address": _address(admin)},
        "dynamic_resources": {
            f"{name}_config": {
                "resource_api_version": "V3",
                "path_config_source": {
                    "path": str(directory / f"{name}.json"),
                    "watched_directory": {"path": str(directory)},
                },
            }
            for name in ("lds", "cds")
        },
    }


def _write_discovery(path: Path, kind: str, resources: Any) -> None:
    """Write a discovery response atomically: Envoy reloads when a file is moved over the old one."""
    response = {
        "version_info": str(time.time_ns()),
        "resources": [{"@type": f"{TYPE}.{kind}", **resource} for resource in resources],
    }
    new = path.with_suffix(".new")
    new.write_text(json.dumps(response), encoding="utf-8")
    new.rename(path)


def _address(port: int) -> dict[str, Any]:
    return {"socket_address": {"address": "127.0.0.1", "port_value": port}}


def _typed(kind: str, name: str, **fields: Any) -> dict[str, Any]:
    return {"name": name, "typed_config": {"@type": f"{TYPE}.extensions.{kind}", **fields}}


def _cluster(name: str, *ports: int, **more: Any) -> dict[str, Any]:
    endpoints = [{"endpoint": {"address": _address(port)}} for port in ports]
    assigned = {"cluster_name": name, "endpoints": [{"lb_endpoints": endpoints}]}
    return {"name": name, "type": "STATIC", "connect_timeout": "1s", "load_assignment": assigned, **more}


def _route(prefix: str, cluster: str, **more: Any) -> dict[str, Any]:
    return {"match": {"prefix": prefix}, "route": {"cluster": cluster, **more}}


def _listener(name: str, port: int, routes: list[dict[str, Any]]) -> dict[str, Any]:
    hosts = [{"name": name, "domains": ["*"], "routes": routes}]
    router = _typed("filters.http.router.v3.Router", "envoy.filters.http.router")
    manager = _typed(
        "filters.network.http_connection_manager.v3.HttpConnectionManager",
        "envoy.filters.network.http_connection_manager",
        stat_prefix=name,
        route_config={"name": name, "virtual_hosts": hosts},
        http_filters=[router],
    )
    return {"name": name, "address": _address(port), "filter_chains": [{"filters": [manager]}]}
