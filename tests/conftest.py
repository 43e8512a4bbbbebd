"""How tests are divided among workers, and the summary at the end of a run."""

import gc
import os
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import hypothesis
import pytest
from xdist.scheduler import LoadScopeScheduling

from dashboards_py.plural import counted
from tests.components import clusters, ensure_required, path_of, require, required
from tests.live.small_charts import small_charts

if TYPE_CHECKING:
    from playwright.sync_api import Browser

REAL_CLUSTER = "real cluster"  # a property of a test's report
# Test files that share a resource: they run one after the other, in one worker.
SHARED_RESOURCES = {
    "test_grafana_queries": "grafana",
    "test_boards": "grafana",
    "test_deploy_grafana": "grafana",
    "test_grafana_contract": "grafana",
    "test_style": "grafana",
    "test_upstream_boards": "grafana",
}
# Test files that change a disposable Kubernetes cluster: two halves that take equally long, for one cluster or two.
KUBERNETES = (
    (
        *("test_cluster", "test_cluster_drift", "test_kubernetes_contract", "test_kubernetes_errors"),
        *("test_doctor_kube", "test_custom_resources"),
    ),
    ("test_cluster_foreign", "test_cluster_moves", "test_cluster_rules", "test_deploy_configmaps", "test_sidecar"),
)
# The groups that take longest run first, so that the workers finish at about the same time.
FIRST = (
    *(
        "kubernetes 1",
        "kubernetes 2",
        "test_recipes",
        "test_truth",
        "test_cost",
        "test_every_query",
        "test_fresh_checkout",
    ),
    *("test_scraped", "grafana"),
)


def disposable(nodeid: str) -> str:
    """The kubeconfig of the cluster that a test may change."""
    kubeconfigs = _kubeconfigs()
    half = next(number for number, files in enumerate(KUBERNETES) if _file(nodeid) in files)
    return kubeconfigs[half % len(kubeconfigs)]


def _kubeconfigs() -> list[str]:
    return clusters() or [""]


def group(nodeid: str) -> str:
    """The group of tests that share a worker with this one: its file, or the resource that its file shares."""
    file = _file(nodeid)
    if any(file in files for files in KUBERNETES):
        return f"kubernetes {1 + (clusters() or ['']).index(disposable(nodeid))}"
    return SHARED_RESOURCES.get(file, file)


def _file(nodeid: str) -> str:
    return Path(nodeid.partition("::")[0]).stem


class Groups(LoadScopeScheduling):  # type: ignore[misc]  # xdist has no types
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
    """Fail if a required component is missing, and register the marker for faults.

    No property fails because its machine is busy: examples of hypothesis have no deadline.
    """
    ensure_required()
    too_slow = [hypothesis.HealthCheck.too_slow]
    hypothesis.settings.register_profile("any machine", deadline=None, suppress_health_check=too_slow)
    hypothesis.settings.load_profile("any machine")
    config.addinivalue_line("markers", "fault(text): the fault that this test proves fixed")


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """Collect garbage seldom, and never look at what collecting the tests has made: a twelfth of a worker's time."""
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Workers without a Kubernetes group lower their priority, since the run ends when those groups do."""
    if os.environ.get("PYTEST_XDIST_WORKER") and not group(item.nodeid).startswith("kubernetes") and not os.nice(0):
        os.nice(10)
    item.user_properties += [("fault", str(marker.args[0])) for marker in item.iter_markers("fault")]


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_call(item: pytest.Item) -> None:
    """Note a test that got a real cluster: one of its arguments is, or has, the kubeconfig of one."""
    arguments = getattr(item, "funcargs", {}).values()
    named = {value if isinstance(value, str) else getattr(value, "kubeconfig", None) for value in arguments}
    if named & set(clusters()):
        item.user_properties.append((REAL_CLUSTER, ""))


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Iterator[None]:
    """Stop a cluster after the last of its tests, with the shell command STOP_CLUSTER, in which $1 is its kubeconfig.

    An idle one takes a tenth of a processor.
    """
    yield
    is_last = nextitem is None or group(nextitem.nodeid) != group(item.nodeid)
    command = os.environ.get("STOP_CLUSTER")
    if command and is_last and group(item.nodeid).startswith("kubernetes") and clusters():
        subprocess.run(["sh", "-c", command, "sh", disposable(item.nodeid)], capture_output=True, check=False)


@pytest.fixture
def report(request: pytest.FixtureRequest) -> Callable[[str], None]:
    """Print lines at the end of the run, in whichever worker the test runs."""
    return lambda text: request.node.user_properties.append(("report", text))


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Reports of tests, faults, required components, and what was skipped: why, and how to run it."""
    reports = [report for name in ("passed", "failed") for report in terminalreporter.stats.get(name, ())]
    for report in sorted(reports, key=lambda report: report.nodeid):
        for key, text in report.user_properties:
            if key == "report":
                terminalreporter.write_line(text)
    for line in table_of_faults(terminalreporter.stats):
        terminalreporter.write_line(line)
    if components := required():
        terminalreporter.write_line(f"required components, all present: {', '.join(components)}")
    for line in _skipped(terminalreporter.stats.get("skipped", ())):
        terminalreporter.write_line(line)


def _skipped(reports: Sequence[Any]) -> Iterator[str]:
    """A line for each reason to skip: how many tests, and in which files."""
    reasons: dict[str, Counter[str]] = {}
    for report in reports:
        if report.longrepr:
            reason = report.longrepr[2].removeprefix("Skipped: ")
            reasons.setdefault(reason, Counter())[_file(report.nodeid)] += 1
    for reason, files in sorted(reasons.items()):
        yield f"{files.total()} skipped ({', '.join(sorted(files))}): {reason}"


def table_of_faults(stats: Mapping[str, Sequence[Any]]) -> Iterator[str]:
    """A line for each fault: how many of its tests passed on a real API server, and passed, failed or were skipped."""
    outcomes: dict[str, Counter[str]] = {}
    real: Counter[str] = Counter()
    for outcome in ("passed", "failed", "error", "skipped"):
        for report in stats.get(outcome, ()):
            properties = getattr(report, "user_properties", ())  # errors in collection have none
            for key, text in properties:
                if key == "fault" and (report.when == "call" or outcome != "passed"):
                    outcomes.setdefault(text, Counter())[outcome] += 1
                    real[text] += outcome == "passed" and REAL_CLUSTER in dict(properties)
    if outcomes:
        proved = sum(count > 0 for count in real.values())
        number = counted(len(outcomes), "fault")
        yield f"{number}, and the tests that prove each fixed; {proved} of them on a real API server:"
        yield "  real API server | fault: all tests"
    for text, counts in sorted(outcomes.items()):
        listed = ", ".join(f"{count} {outcome}" for outcome, count in counts.items())
        yield f"  {f'{real[text]} passed' if real[text] else '-':>15} | {text}: {listed}"


@pytest.fixture(scope="session")
def charts_of_tests(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The charts without what no test looks at."""
    return small_charts(path_of("charts"), tmp_path_factory.mktemp("charts"))


@pytest.fixture(scope="session")
def chromium() -> Iterator["Browser"]:
    """A headless Chromium for the session: Playwright allows only one."""
    require("chromium")
    from tests.live.browser import browser

    with browser() as opened:
        yield opened


@pytest.fixture(autouse=True)
def _no_foreign_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """A developer's own GRAFANA_URL, CILIUM or settings must not reach a test."""
    for name in (
        "GRAFANA_URL",
        "GRAFANA_TOKEN",
        "GRAFANA_USER",
        "GRAFANA_PASSWORD",
        "CILIUM",
        "DASHBOARDS_OUT",
        "PEER_LABEL",
    ):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("CILIUM_DASHBOARDS_CONFIG", os.devnull)  # nor the settings of a fork, in its own checkout
