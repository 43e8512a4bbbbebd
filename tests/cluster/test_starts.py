"""How often kubectl and helm are started: each takes a tenth of a second, and reads nothing that is not needed."""

from collections.abc import Sequence

import pytest

from dashboards_py.cluster import Clients, HelmCharts, connect, inspect, plan_up, verify
from dashboards_py.kubernetes import Completed
from tests.cluster.plans import OPTIONS, with_cilium
from tests.cluster.plans import up as set_up
from tests.fakes.cluster import FakeCluster


class Counted:
    """A cluster that remembers the commands that it was asked to run, without the options of the connection."""

    def __init__(self, cluster: FakeCluster) -> None:
        self.cluster = cluster
        self.commands: list[str] = []

    def __call__(self, argv: Sequence[str], *, stdin: str = "", seconds: int | None = 120) -> Completed:
        self.commands.append(" ".join(word for word in argv if not word.startswith(("--context", "--kube-context"))))
        return self.cluster(argv, stdin=stdin, seconds=seconds)

    def starts(self, program: str, words: str = "") -> int:
        """How often a program was started, with these words."""
        return sum(line.startswith(program) and words in line for line in self.commands)


@pytest.fixture
def bare() -> Counted:
    """A cluster with Cilium, and without any kind of prometheus-operator."""
    return Counted(with_cilium())


@pytest.fixture
def complete() -> Counted:
    """A cluster after `up`."""
    cluster = with_cilium()
    set_up(cluster, restart=True)
    return Counted(cluster)


def clients_of(counted: Counted) -> Clients:
    return connect(None, None, None, runner=counted)


def plan(counted: Counted) -> tuple[object, ...]:
    clients = clients_of(counted)
    state = inspect(clients, OPTIONS, removing=False)
    return plan_up(state, OPTIONS, HelmCharts(clients, state.kinds))


def test_a_plan_in_a_bare_cluster(bare: Counted) -> None:
    """All kinds that are defined are read at once; those that are not are not asked for."""
    assert plan(bare)
    assert bare.starts("kubectl", "monitoring.coreos.com") == 0
    assert (bare.starts("kubectl"), bare.starts("helm")) == (9, 7)


def test_a_plan_where_nothing_is_to_do(complete: Counted) -> None:
    """What only a removal needs is not read: the values of the operator's kinds, and when releases were installed."""
    assert plan(complete) == ()
    assert complete.starts("helm", "get all") + complete.starts("helm", "get values prometheus-operator-crds") == 0
    assert (complete.starts("kubectl"), complete.starts("helm")) == (11, 6)


def test_a_removal_reads_more(complete: Counted) -> None:
    """Which values it would remove, and whether releases are those that `up` installed."""
    clients = clients_of(complete)
    state = inspect(clients, OPTIONS)
    assert "prometheus/prometheus-operator-crds" in state.values
    assert state.installed.keys() == {"prometheus/prometheus", "prometheus/prometheus-operator-crds"}


def test_verify(complete: Counted) -> None:
    """Autoscalers, workloads and policies are read once, whatever the number of releases and of kinds."""
    assert [check for check in verify(clients_of(complete), OPTIONS, None) if check.ok is False] == []
    assert complete.starts("kubectl", "horizontalpodautoscalers") == 1
    assert complete.starts("kubectl", "statefulsets") == 1
    assert complete.starts("kubectl", "networkpolicies") == 1
    assert complete.starts("helm") == 6
