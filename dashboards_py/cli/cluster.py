"""`cluster`: the metrics, kube-prometheus-stack and the boards in a cluster, as cluster-setup/setup.sh calls it."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dashboards_py.cli._first import FIRST
from dashboards_py.cli._group import CommandGroup
from dashboards_py.cli._modes import say_unused
from dashboards_py.cli._names import CONTEXT, HELM_RELEASE, INTERVAL, NAMESPACE, NAMESPACED, TIMEOUT
from dashboards_py.cli._pinned import PINNED_BY, pinned, pinned_parameters
from dashboards_py.cli._progress import waiting
from dashboards_py.cli._prometheus import ca_file_option, prometheus_at
from dashboards_py.cli._remedies import words
from dashboards_py.errors import DashboardsError, ProblemsFound

if TYPE_CHECKING:
    from dashboards_py.cluster import Check, Clients, Options, Outcome, State, Step

CONNECTION = (
    click.option(
        "--context",
        type=CONTEXT,
        envvar="KUBE_CONTEXT",
        show_envvar=True,
        help="kubectl context; else the current one.",
    ),
    click.option(
        "--kubeconfig",
        type=click.Path(exists=True, dir_okay=False),  # to kubectl one that is not there is an empty one
        help="File that kubectl and helm take instead of what KUBECONFIG names.",
    ),
)


def _stack(*, hidden: bool = False) -> tuple[Callable[[Any], Any], ...]:
    """Which stack and Prometheus `up` and `verify` are about; hidden where a command takes them for `up`'s sake."""
    return (
        click.option(
            "--namespace",
            type=NAMESPACE,
            default="prometheus",
            show_default=True,
            hidden=hidden,
            help="Namespace of the stack and of the boards.",
        ),
        click.option(
            "--release",
            type=HELM_RELEASE,
            default="prometheus",
            show_default=True,
            hidden=hidden,
            help="Helm release of kube-prometheus-stack.",
        ),
        click.option(
            "--no-stack",
            "stack",
            flag_value=False,
            default=True,
            hidden=hidden,
            help="Use the prometheus-operator that is there; label Cilium's ServiceMonitors for its Prometheus.",
        ),
        click.option(
            "--prometheus",
            type=NAMESPACED,
            default="",
            metavar="NS/NAME",
            hidden=hidden,
            help="Which Prometheus object, where there are several.",
        ),
        click.option(
            "--embedded-envoy",
            is_flag=True,
            hidden=hidden,
            help="Go on though Envoy runs in the agent and cannot be scraped.",
        ),
    )


def _charts(*, hidden: bool = False) -> tuple[Callable[[Any], Any], ...]:
    """Where charts come from."""
    option = click.option(
        "--charts",
        type=click.Path(path_type=Path, exists=True, file_okay=False),
        envvar="CHARTS",
        show_envvar=True,
        hidden=hidden,
        help="Directory of packed charts (helm pull) instead of the repositories.",
    )
    return (option,)


CHANGING = (
    click.option(
        "--take-over",
        is_flag=True,
        help="Overwrite what somebody changed by hand in objects of Helm or in our ConfigMaps.",
    ),
    click.option(
        "--replace-chart",
        is_flag=True,
        help="Upgrade with the repository's chart a release that another chart of its name and version rendered.",
    ),
    click.option(
        "--timeout",
        type=TIMEOUT,
        default="10m",
        show_default=True,
        help="How long to wait for pods, for each Helm release.",
    ),
)
UP = (
    click.option("--restart", is_flag=True, help="Roll out pods of Cilium that have not read their configuration."),
    click.option(
        "--install-cilium", default="", metavar="VERSION", help="Install Cilium as the network where it is not there."
    ),
    click.option(
        "--interval", type=INTERVAL, default="30s", show_default=True, help="Scrape interval, unless the stack has one."
    ),
)
PINNED = tuple(pinned(name) for name in PINNED_BY)


def _with(*groups: tuple[Callable[[Any], Any], ...]) -> Callable[[Any], Any]:
    def add(function: Any) -> Any:
        for option in reversed([each for group in groups for each in group]):
            function = option(function)
        return function

    return add


@click.group(cls=CommandGroup)
def command() -> None:
    """Set up metrics, kube-prometheus-stack and the boards.

    In a cluster that runs Cilium 1.16 to 1.20.

    `cluster-setup/setup.sh plan|up|verify|down` is this with pinned versions. Nothing but monitoring keys of Cilium's
    Helm release is changed, and nothing in them is lost.
    """


@command.command()
@_with(CONNECTION, _stack(), _charts(), CHANGING, UP, PINNED)
def plan(**given: Any) -> None:
    """Say what `up` would do, and which pods would restart.

    Changes nothing.
    """
    with _worded("up"):
        _, state, _, steps = _plan_up(given)
    _print(state, steps, "up")
    click.echo("nothing was changed")


@command.command("up")
@_with(CONNECTION, _stack(), _charts(), CHANGING, UP, PINNED)
def go_up(**given: Any) -> None:
    """Install or update what is missing.

    The operator's CRDs, Cilium's values, the stack, the boards. Idempotent: a second run does nothing, and one that was
    stopped is resumed.
    """
    with _worded("up"):
        clients, state, options, steps = _plan_up(given)
        click.echo(_head(state))
        _run(steps, clients, "up")
    if not any(step.changes for step in steps):
        click.echo("all is in place: nothing to do")
    if options.stack:
        secret = f"kubectl get secret -n {options.namespace} {options.release}-grafana -o jsonpath="
        click.echo(f"Grafana's password of admin: {secret}'{{.data.admin-password}}' | base64 -d")
        click.echo(f"Grafana: kubectl port-forward -n {options.namespace} svc/{options.release}-grafana 3000:80")
        click.echo(f"then open http://localhost:3000/d/{FIRST}")
    _refuse_problems(steps, "up")


@command.command()
@_with(CONNECTION, _stack(), _charts(hidden=True))
@click.option("--prometheus-url", envvar="PROMETHEUS_URL", show_envvar=True, help="Prometheus, else the cluster's own.")
@ca_file_option
@click.option("--strict", is_flag=True, help="Exit 1 as well where something cannot be told.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def verify(
    prometheus_url: str | None, prometheus_ca_file: str | None, strict: bool, as_json: bool, **given: Any
) -> None:
    """Check each part, and say how to fix it.

    Exit 1 where one is not in place. Changes nothing.

    Needs no more than the ClusterRole `view`: what may not be read cannot be told, which is no failure unless --strict.
    --namespace, --release and --no-stack are those of the last `up`. PROMETHEUS_TOKEN is sent to --prometheus-url.
    """
    import json

    from dashboards_py.cluster import verify as verify_cluster

    say_unused({"charts"}, "to `verify`: it renders no chart")
    unset = _unset("namespace", "release", "stack")
    ask = prometheus_at(prometheus_url, prometheus_ca_file)
    found = []
    with _worded("up"):
        clients, options = _connect(given)
        for each in verify_cluster(clients, options, ask, unset):
            found.append(each)
            if not as_json:
                _say(each)
    if as_json:
        rows = [{"name": each.name, "ok": each.ok, "said": each.said, "fix": each.fix} for each in found]
        click.echo(json.dumps(rows, indent=2))
    wrong = sum(each.ok is False for each in found)
    unknown = sum(each.ok is None for each in found)
    summary = f"{wrong} not in place, {unknown} that cannot be told, of {len(found)}"
    if wrong or (unknown and strict):
        raise ProblemsFound(summary)
    if unknown:
        click.echo(summary, err=True)


def _unset(*names: str) -> frozenset[str]:
    """The options among these that nobody gave."""
    source = click.get_current_context().get_parameter_source
    return frozenset(name for name in names if source(name) == click.core.ParameterSource.DEFAULT)


@command.command("down")
@_with(CONNECTION, _stack(hidden=True), _charts(), CHANGING)
@click.option("--uninstall-cilium", is_flag=True, help="Remove Cilium as well, where `up` installed it.")
@click.option(
    "--delete-volumes", is_flag=True, help="Delete the volumes that the stack claimed, where `up` installed it."
)
@click.option("--dry-run", is_flag=True, help="Say what would be removed. Changes nothing.")
def go_down(dry_run: bool, **given: Any) -> None:
    """Take away what `up` made, and nothing else.

    Cilium, its other values and all volumes stay.
    """
    unused = {"namespace", "release", "stack", "prometheus", "embedded_envoy"}
    say_unused(unused, "to `down`: it takes away what the record in the cluster says that `up` made")
    with _worded("down"):
        clients, state, steps = _plan_down(given)
        if dry_run:
            _print(state, steps, "down")
            click.echo("nothing was changed")
            return
        click.echo(_head(state))
        _run(steps, clients, "down")
    if not steps:
        click.echo("nothing of ours is here")
    _refuse_problems(steps, "down")


def _plan_up(given: dict[str, Any]) -> "tuple[Clients, State, Options, tuple[Step, ...]]":
    from dashboards_py.cluster import HelmCharts, inspect, plan_up

    clients, options = _connect(given)
    with waiting("Looking at the cluster"):
        state = inspect(clients, options)
    with waiting("Comparing what the charts render"):
        return clients, state, options, plan_up(state, options, HelmCharts(clients, state.kinds))


def _plan_down(given: dict[str, Any]) -> "tuple[Clients, State, tuple[Step, ...]]":
    from dashboards_py.cluster import HelmCharts, inspect, inspect_leftovers, plan_down

    clients, options = _connect(given)
    with waiting("Looking at the cluster"):
        state = inspect(clients, options)
        left = inspect_leftovers(clients, state)
    with waiting("Comparing what the charts render"):
        return clients, state, plan_down(state, options, HelmCharts(clients, state.kinds), left)


def _connect(given: dict[str, Any]) -> "tuple[Clients, Options]":
    import os

    from dashboards_py.cluster import Options, Versions, connect
    from dashboards_py.cluster.options import cilium_version

    versions = Versions.read(*(given.pop(name, default) for name, default in pinned_parameters().items()))
    helm_context = os.environ.get("HELM_KUBECONTEXT")
    clients = connect(given.pop("context"), given.pop("kubeconfig"), given.pop("charts"), helm_context)
    if given.get("install_cilium"):
        given["install_cilium"] = cilium_version(given["install_cilium"], versions)
    return clients, Options(versions, **given)


def _head(state: "State") -> str:
    cilium = state.cilium
    what = f"Cilium {cilium.version} ({cilium.qualified_name})" if cilium else "no Cilium of Helm"
    return f"context {state.context}: Kubernetes {state.kubernetes}, {what}"


def _print(state: "State", steps: "Sequence[Step]", command: str) -> None:
    click.echo(_head(state))
    for step in steps:
        _announce(step, command)
    if command == "down" and not steps:
        click.echo("nothing of ours is here")
    elif command == "up" and not any(step.changes for step in steps):
        click.echo("all is in place: nothing to do")


def _announce(step: "Step", command: str) -> None:
    click.echo(f"- {step.title}")
    for line in (*step.details, *(words(remedy, command) for remedy in step.remedies)):
        click.echo(f"    {line}")


def _run(steps: "Sequence[Step]", clients: "Clients", command: str) -> None:
    """Do the steps, saying each."""
    from dashboards_py.cluster import Outcome, run_steps

    for event in _stoppable(run_steps(steps, clients)):
        if isinstance(event, Outcome):
            click.echo(f"    {event}")
        else:
            _announce(event, command)


def _stoppable(events: "Iterator[Step | Outcome]") -> "Iterator[Step | Outcome]":
    try:
        yield from events
    except KeyboardInterrupt as error:
        raise DashboardsError(
            "stopped", cause="in the middle of the step above", fix="run the same command again: it resumes there"
        ) from error


def _refuse_problems(steps: "Sequence[Step]", command: str) -> None:
    """What was left alone is no success."""
    from dashboards_py.cluster import Notice

    problems = [step for step in steps if isinstance(step, Notice) and step.problem]
    if problems:
        remedy = next((words(remedy, command) for step in problems for remedy in step.remedies), "")
        raise ProblemsFound("; ".join(step.title for step in problems), fix=remedy)


@contextmanager
def _worded(command: str) -> Iterator[None]:
    """Errors with a way on that is an option say which, of this command."""
    try:
        yield
    except DashboardsError as error:
        if error.remedy:
            error.fix = words(error.remedy, command)
        raise


def _say(check: "Check") -> None:
    mark = {True: "ok  ", False: "FAIL", None: "?   "}[check.ok]
    click.echo(f"{mark} {check.name}: {check.said}")
    if check.ok is not True and check.fix:
        click.echo(f"       {check.fix}")
