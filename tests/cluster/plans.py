"""A cluster in memory with setup.sh's plan and run on it."""

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

INSTALLED = Release.parse("1.20.0")  # of which the stand-in has a chart
CILIUM = {INSTALLED: "1.20.0"}
VERSIONS = Versions("88.5.3", "31.0.1", CILIUM)
OPTIONS = Options(VERSIONS)
SEED: dict[str, Any] = {"ipam": {"mode": "kubernetes"}, "hubble": {"metrics": {"enabled": ["dns", "drop"]}}}


def clients_of(cluster: FakeCluster) -> Clients:
    """kubectl and helm on the cluster."""
    return connect(None, None, None, runner=cluster)


def with_cilium(values: dict[str, Any] | None = None, release: Release = INSTALLED) -> FakeCluster:
    """A cluster that runs Cilium, as somebody installed it."""
    cluster = FakeCluster()
    cluster.install("cilium", "kube-system", "cilium", CILIUM[release], SEED if values is None else values)
    return cluster


def state_of(cluster: FakeCluster, **options: Any) -> State:
    """The cluster as it is."""
    return inspect(clients_of(cluster), replace(OPTIONS, **options))


def planned_up(cluster: FakeCluster, **options: Any) -> tuple[Step, ...]:
    """What `up` would do."""
    clients, wanted = clients_of(cluster), replace(OPTIONS, **options)
    state = inspect(clients, wanted)
    return plan_up(state, wanted, HelmCharts(clients, state.kinds))


def planned_down(cluster: FakeCluster, **options: Any) -> tuple[Step, ...]:
    """What `down` would do."""
    clients, wanted = clients_of(cluster), replace(OPTIONS, **options)
    state = inspect(clients, wanted)
    return plan_down(state, wanted, HelmCharts(clients, state.kinds), inspect_leftovers(clients, state))


def run(steps: tuple[Step, ...], cluster: FakeCluster) -> list[str]:
    """Do a plan; what came of its steps."""
    return [str(event) for event in run_steps(steps, clients_of(cluster)) if isinstance(event, Outcome)]


def up(cluster: FakeCluster, **options: Any) -> list[str]:
    """`up`."""
    return run(planned_up(cluster, **options), cluster)


def down(cluster: FakeCluster, **options: Any) -> list[str]:
    """`down`."""
    return run(planned_down(cluster, **options), cluster)


def titles(steps: tuple[Step, ...]) -> list[str]:
    """The titles of steps."""
    return [step.title for step in steps]
