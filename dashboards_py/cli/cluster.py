"""`cluster`: metrics, kube-prometheus-stack and the boards in a cluster; cluster-setup/setup.sh calls it."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from dashboards_py.cli._cluster_options import BOARDS, CHANGES, CONNECTION, DOWN, PINNED, UP, charts, options, stack
from dashboards_py.cli._cluster_output import (
    print_check,
    print_checks_json,
    print_grafana,
    print_header,
    print_nothing_to_do,
    print_plan,
    refuse_problems,
    resolving_remedies,
    run_and_print,
)
from dashboards_py.cli._configuration import load_configuration
from dashboards_py.cli._group import CommandGroup
from dashboards_py.cli._modes import report_unused
from dashboards_py.cli._our_boards import cache_directory
from dashboards_py.cli._pinned import pinned_parameters
from dashboards_py.cli._progress import waiting
from dashboards_py.cli._prometheus import ca_file_option, header_option, prometheus_at
from dashboards_py.errors import ProblemsFound
from dashboards_py.plural import counted
from dashboards_py.release import RELEASES

if TYPE_CHECKING:
    from dashboards_py.cluster import Clients, Options, State, Step

HELP = f"""Set up metrics, kube-prometheus-stack and the boards.

In a cluster that runs Cilium {RELEASES[0]} to {RELEASES[-1]}.

`cluster-setup/setup.sh plan|up|verify|down` calls it. Only monitoring values of Cilium's Helm release are changed,
and none of yours is lost.
"""


@click.group(cls=CommandGroup, help=HELP)
def command() -> None:
    """The commands on a cluster."""


@command.command()
@options(CONNECTION, stack(), charts(), CHANGES, UP, BOARDS, PINNED)
def plan(**args: Any) -> None:
    """Print what `up` would do, and which pods would restart.

    Changes nothing.
    """
    with resolving_remedies("up"):
        _, state, _, steps = _plan_up(args)
    print_plan(state, steps, "up")


@command.command("up")
@options(CONNECTION, stack(), charts(), CHANGES, UP, BOARDS, PINNED)
def up_command(**args: Any) -> None:
    """Install or update what is missing.

    The operator's CRDs, Cilium's values, the stack, the boards. Idempotent: a second run does nothing, and one that was
    stopped is resumed.
    """
    with resolving_remedies("up"):
        clients, state, settings, steps = _plan_up(args)
        print_header(state)
        run_and_print(steps, clients, "up")
    print_nothing_to_do(steps, "up")
    if settings.stack:
        print_grafana(settings)
    refuse_problems(steps, "up")


@command.command()
@options(CONNECTION, stack(), charts(hidden=True), BOARDS)
@click.option(
    "--prometheus-url", envvar="PROMETHEUS_URL", show_envvar=True, help="Prometheus to ask, else the cluster's own."
)
@ca_file_option
@header_option
@click.option("--strict", is_flag=True, help="Exit 1 also if something cannot be determined.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def verify(
    prometheus_url: str | None,
    prometheus_ca_file: str | None,
    headers: dict[str, str],
    strict: bool,
    as_json: bool,
    **args: Any,
) -> None:
    """Check each part, and say how to fix it.

    Exit 1 if a part is missing or wrong. Changes nothing.

    Needs no more than the ClusterRole `view`: what may not be read is undetermined, which does not fail unless --strict
    is given. --namespace, --release, --no-stack and --peer-label default to those of the last `up`. PROMETHEUS_TOKEN is
    sent to --prometheus-url.
    """
    from dashboards_py.cluster import verify as verify_cluster

    report_unused({"charts"}, "on `verify`, which renders no chart")
    unset = set(_unset("namespace", "release", "stack", "peer_label"))
    ask = prometheus_at(prometheus_url, prometheus_ca_file, headers)
    checks = []
    with resolving_remedies("up"):
        clients, settings = _connect(args)
        unset -= {"peer_label"} if settings.configuration.peer_label else set()
        for check in verify_cluster(clients, settings, ask, unset):
            checks.append(check)
            if not as_json:
                print_check(check)
    if as_json:
        print_checks_json(checks)
    failed = sum(check.ok is False for check in checks)
    unknown = sum(check.ok is None for check in checks)
    summary = f"{counted(len(checks), 'check')}: {failed} failed, {unknown} could not be determined"
    if failed or (unknown and strict):
        raise ProblemsFound(summary)
    if unknown:
        click.echo(summary, err=True)


@command.command("down")
@options(CONNECTION, stack(hidden=True), charts(), CHANGES, DOWN)
@click.option("--dry-run", is_flag=True, help="Print what would be removed. Changes nothing.")
def down_command(dry_run: bool, **args: Any) -> None:
    """Remove what `up` created, and nothing else.

    Cilium, its other values and all volumes are kept.
    """
    unused = {"namespace", "release", "stack", "prometheus", "embedded_envoy"}
    report_unused(unused, "on `down`, which removes what `up` created according to the record in the cluster")
    with resolving_remedies("down"):
        clients, state, steps = _plan_down(args)
        if dry_run:
            print_plan(state, steps, "down")
            return
        print_header(state)
        run_and_print(steps, clients, "down")
    print_nothing_to_do(steps, "down")
    refuse_problems(steps, "down")


def _unset(*names: str) -> frozenset[str]:
    """The options among these that the user did not set."""
    source = click.get_current_context().get_parameter_source
    return frozenset(name for name in names if source(name) == click.core.ParameterSource.DEFAULT)


def _plan_up(args: dict[str, Any]) -> "tuple[Clients, State, Options, tuple[Step, ...]]":
    from dashboards_py.cluster import HelmCharts, inspect, plan_up, recorded_peer_label

    clients, settings = _connect(args)
    with waiting("Reading the cluster"):
        state = inspect(clients, settings, removing=False)
    if _unset("peer_label") and not settings.configuration.peer_label:
        settings = replace(settings, peer_label=recorded_peer_label(state))
    with waiting("Rendering the charts"):
        return clients, state, settings, plan_up(state, settings, HelmCharts(clients, state.kinds))


def _plan_down(args: dict[str, Any]) -> "tuple[Clients, State, tuple[Step, ...]]":
    from dashboards_py.cluster import HelmCharts, inspect, inspect_leftovers, plan_down

    clients, settings = _connect(args)
    with waiting("Reading the cluster"):
        state = inspect(clients, settings)
        left = inspect_leftovers(clients, state)
    with waiting("Rendering the charts"):
        return clients, state, plan_down(state, settings, HelmCharts(clients, state.kinds), left)


def _connect(args: dict[str, Any]) -> "tuple[Clients, Options]":
    import os

    from dashboards_py.cluster import Options, Versions, connect
    from dashboards_py.cluster.options import cilium_version

    versions = Versions.read(*(args.pop(name, default) for name, default in pinned_parameters().items()))
    helm_context = os.environ.get("HELM_KUBECONTEXT")
    clients = connect(args.pop("context"), args.pop("kubeconfig"), args.pop("charts"), helm_context)
    if args.get("install_cilium"):
        args["install_cilium"] = cilium_version(args["install_cilium"], versions)
    if "config" in args:  # `down` compiles no boards
        configuration = args["configuration"] = load_configuration(args.pop("config"))
        args |= {"peer_label": configuration.peer_label} if configuration.peer_label else {}
    return clients, Options(versions, cache=cache_directory(), **args)
