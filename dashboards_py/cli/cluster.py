"""`cluster`: the metrics, kube-prometheus-stack and the boards in a cluster, as cluster-setup/setup.sh calls it."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dashboards_py.cli._group import CommandGroup
from dashboards_py.cli._pinned import pinned
from dashboards_py.cli._prometheus import ca_file_option, prometheus_at
from dashboards_py.errors import DashboardsError

if TYPE_CHECKING:
    from dashboards_py.cluster import Check, Choice, Note, State, Step, Tools

WHERE = (
    click.option("--context", envvar="KUBE_CONTEXT", show_envvar=True, help="kubectl context; else the current one."),
    click.option("--kubeconfig", help="File that kubectl and helm take instead of what KUBECONFIG names."),
    click.option(
        "--namespace", default="prometheus", show_default=True, help="Namespace of the stack and of the boards."
    ),
    click.option("--release", default="prometheus", show_default=True, help="Helm release of kube-prometheus-stack."),
    click.option(
        "--no-stack",
        "stack",
        flag_value=False,
        default=True,
        help="Use the prometheus-operator that is there; label Cilium's ServiceMonitors for its Prometheus.",
    ),
    click.option(
        "--prometheus", default="", metavar="NS/NAME", help="Which Prometheus object, where there are several."
    ),
    click.option("--embedded-envoy", is_flag=True, help="Go on though Envoy runs in the agent and cannot be scraped."),
    click.option(
        "--charts",
        type=click.Path(path_type=Path, exists=True, file_okay=False),
        envvar="CHARTS",
        show_envvar=True,
        help="Directory of packed charts (helm pull) instead of the repositories.",
    ),
)
CHANGING = (
    click.option(
        "--take-over",
        is_flag=True,
        help="Overwrite what somebody changed by hand in objects of Helm or in our ConfigMaps.",
    ),
    click.option(
        "--timeout", default="10m", show_default=True, help="How long to wait for pods, for each Helm release."
    ),
)
UP = (
    click.option("--restart", is_flag=True, help="Roll out pods of Cilium that have not read their configuration."),
    click.option(
        "--install-cilium", default="", metavar="VERSION", help="Install Cilium as the network where it is not there."
    ),
    click.option("--interval", default="30s", show_default=True, help="Scrape interval, unless the stack has one."),
)
PINNED = (
    pinned("--stack-version", "KUBE_PROMETHEUS_STACK_VERSION"),
    pinned("--crds-version", "PROMETHEUS_OPERATOR_CRDS_VERSION"),
    pinned("--cilium-versions", "CILIUM_VERSIONS"),
)


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
@_with(WHERE, CHANGING, UP, PINNED)
def plan(**given: Any) -> None:
    """Say what `up` would do, and which pods would restart.

    Changes nothing.
    """
    from dashboards_py.cluster import up

    use, state, choice = _look(given)
    _print(state, up(use, state, choice))
    click.echo("nothing was changed")


@command.command("up")
@_with(WHERE, CHANGING, UP, PINNED)
def go_up(**given: Any) -> None:
    """Install or update what is missing.

    The operator's CRDs, Cilium's values, the stack, the boards. Idempotent: a second run does nothing, and one that was
    stopped is resumed.
    """
    from dashboards_py.cluster import up

    use, state, choice = _look(given)
    steps = up(use, state, choice)
    click.echo(_head(state))
    if not _do(steps):
        click.echo("all is in place: nothing to do")
    if choice.stack:
        secret = f"kubectl get secret -n {choice.namespace} {choice.release}-grafana -o jsonpath="
        click.echo(f"Grafana's password of admin: {secret}'{{.data.admin-password}}' | base64 -d")
        click.echo(f"Grafana: kubectl port-forward -n {choice.namespace} svc/{choice.release}-grafana 3000:80")


@command.command()
@_with(WHERE, PINNED)
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
    from dashboards_py.errors import ProblemsFound

    unset = _unset("namespace", "release", "stack")
    use, choice = _connect(given)
    ask = prometheus_at(prometheus_url, prometheus_ca_file)
    found = []
    for each in verify_cluster(use, choice, ask, unset):
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
@_with(WHERE, CHANGING, PINNED)
@click.option("--uninstall-cilium", is_flag=True, help="Remove Cilium as well, where `up` installed it.")
@click.option(
    "--delete-volumes", is_flag=True, help="Delete the volumes that the stack claimed, where `up` installed it."
)
@click.option("--dry-run", is_flag=True, help="Say what would be removed. Changes nothing.")
def go_down(dry_run: bool, **given: Any) -> None:
    """Take away what `up` made, and nothing else.

    Cilium, its other values and all volumes stay.
    """
    from dashboards_py.cluster import down

    use, state, choice = _look(given)
    steps = down(use, state, choice)
    if dry_run:
        _print(state, steps)
        click.echo("nothing was changed")
        return
    click.echo(_head(state))
    if not _do(steps):
        click.echo("nothing of ours is here")


def _look(given: dict[str, Any]) -> "tuple[Tools, State, Choice]":
    from dashboards_py.cluster import look

    use, choice = _connect(given)
    return use, look(use), choice


def _connect(given: dict[str, Any]) -> "tuple[Tools, Choice]":
    import os

    from dashboards_py.cluster import Choice, Versions
    from dashboards_py.cluster.choice import cilium_version
    from dashboards_py.cluster.state import tools

    pinned = (given.pop(f"{name}") for name in ("stack_version", "crds_version", "cilium_versions"))
    versions = Versions.read(*pinned)
    use = tools(given.pop("context"), given.pop("kubeconfig"), given.pop("charts"), os.environ.get("HELM_KUBECONTEXT"))
    if given.get("install_cilium"):
        given["install_cilium"] = cilium_version(given["install_cilium"], versions)
    return use, Choice(versions, **given)


def _head(state: "State") -> str:
    cilium = state.cilium
    what = f"Cilium {cilium.version} ({cilium.place})" if cilium else "no Cilium of Helm"
    return f"context {state.context}: Kubernetes {state.kubernetes}, {what}"


def _print(state: "State", steps: "tuple[Step, ...]") -> None:
    click.echo(_head(state))
    for step in steps:
        _announce(step)
    if not any(step.run for step in steps):
        click.echo("all is in place: nothing to do")


def _announce(step: "Step") -> None:
    click.echo(f"- {step.title}")
    for line in step.effect:
        click.echo(f"    {line}")


def _do(steps: "tuple[Step, ...]") -> bool:
    """Do the steps, saying each; whether there were any to do."""
    from dashboards_py.cluster import Note, carry_out

    for each in _stoppable(carry_out(steps)):
        if isinstance(each, Note):
            click.echo(f"    {each}")
        else:
            _announce(each)
    return any(step.run for step in steps)


def _stoppable(steps: "Iterator[Step | Note]") -> "Iterator[Step | Note]":
    try:
        yield from steps
    except KeyboardInterrupt as error:
        raise DashboardsError(
            "stopped", cause="in the middle of the step above", fix="run the same command again: it goes on"
        ) from error


def _say(check: "Check") -> None:
    mark = {True: "ok  ", False: "FAIL", None: "?   "}[check.ok]
    click.echo(f"{mark} {check.name}: {check.said}")
    if check.ok is not True and check.fix:
        click.echo(f"       {check.fix}")
