"""A cluster in memory, and the plans and runs of setup.sh on it."""

from dataclasses import replace
from typing import Any

from dashboards_py.catalog import Release
from dashboards_py.cluster import (
    Clients,
    HelmCharts,
    Options,
    Outcome,
    State,
    Step,
    Versions,
    connect,
    inspect,
    inspect_leftovers,
    plan_down,
    plan_up,
    run_steps,
)
from tests.fakes.cluster import FakeCluster

INSTALLED = Release.parse("1.20.0")  # the stand-in has a chart of it
CILIUM = {INSTALLED: "1.20.0"}
VERSIONS = Versions("88.5.3", "31.0.1", CILIUM)
OPTIONS = Options(VERSIONS)
SEED: dict[str, Any] = {"ipam": {"mode": "kubernetes"}, "hubble": {"metrics": {"enabled": ["dns", "drop"]}}}


def clients_of(cluster: FakeCluster) -> Clients:
    """kubectl and helm on the cluster."""
    return connect(None, None, cluster.charts, runner=cluster)


def with_cilium(values: dict[str, Any] | None = None, release: Release = INSTALLED) -> FakeCluster:
    """A cluster where someone has installed Cilium."""
    cluster = FakeCluster()
    cluster.install("cilium", "kube-system", "cilium", CILIUM[release], SEED if values is None else values)
    return cluster


def state_of(cluster: FakeCluster, **options: Any) -> State:
    """The state of the cluster now."""
    return inspect(clients_of(cluster), replace(OPTIONS, **options))


def planned_up(cluster: FakeCluster, **options: Any) -> tuple[Step, ...]:
    """The plan of `up`."""
    clients, chosen = clients_of(cluster), replace(OPTIONS, **options)
    state = inspect(clients, chosen, removing=False)
    return plan_up(state, chosen, HelmCharts(clients, state.kinds))


def planned_down(cluster: FakeCluster, **options: Any) -> tuple[Step, ...]:
    """The plan of `down`."""
    clients, chosen = clients_of(cluster), replace(OPTIONS, **options)
    state = inspect(clients, chosen)
    return plan_down(state, chosen, HelmCharts(clients, state.kinds), inspect_leftovers(clients, state))


def run(steps: tuple[Step, ...], cluster: FakeCluster) -> list[str]:
    """Execute a plan; returns the outcomes of its steps."""
    return [str(event) for event in run_steps(steps, clients_of(cluster)) if isinstance(event, Outcome)]


def up(cluster: FakeCluster, **options: Any) -> list[str]:
    """Plan and run `up`."""
    return run(planned_up(cluster, **options), cluster)


def down(cluster: FakeCluster, **options: Any) -> list[str]:
    """Plan and run `down`."""
    return run(planned_down(cluster, **options), cluster)


def titles(steps: tuple[Step, ...]) -> list[str]:
    """The titles of steps."""
    return [step.title for step in steps]
