"""The options of `cluster`'s commands."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from dashboards_py.cli._configuration import config_option
from dashboards_py.cli._names import CONTEXT, HELM_RELEASE, INTERVAL, NAMESPACE, NAMESPACED_NAME, TIMEOUT
from dashboards_py.cli._options import peer_label_option
from dashboards_py.cli._pinned import PINNED_BY, pinned

Decorator = Callable[[Any], Any]

CONNECTION: tuple[Decorator, ...] = (
    click.option(
        "--context",
        type=CONTEXT,
        envvar="KUBE_CONTEXT",
        show_envvar=True,
        help="kubectl context; else the current one.",
    ),
    click.option(
        "--kubeconfig",
        type=click.Path(exists=True, dir_okay=False),  # kubectl takes one that does not exist for an empty one
        help="kubeconfig file that kubectl and helm use instead of KUBECONFIG.",
    ),
)


def stack(*, hidden: bool = False) -> tuple[Decorator, ...]:
    """The options that choose stack and Prometheus; hidden if a command accepts them only because `up` has them."""
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
            help="Use the existing prometheus-operator; label Cilium's ServiceMonitors for its Prometheus.",
        ),
        click.option(
            "--prometheus",
            type=NAMESPACED_NAME,
            default="",
            metavar="NS/NAME",
            hidden=hidden,
            help="Which Prometheus object, if there are several.",
        ),
        click.option(
            "--embedded-envoy",
            is_flag=True,
            hidden=hidden,
            help="Continue although Envoy runs in the agent and cannot be scraped.",
        ),
    )


def charts(*, hidden: bool = False) -> tuple[Decorator, ...]:
    """The option for the source of charts."""
    option = click.option(
        "--charts",
        type=click.Path(path_type=Path, exists=True, file_okay=False),
        envvar="CHARTS",
        show_envvar=True,
        hidden=hidden,
        help="Directory of packed charts (helm pull) instead of the repositories.",
    )
    return (option,)


CHANGES: tuple[Decorator, ...] = (
    click.option(
        "--take-over",
        is_flag=True,
        help="Overwrite manual changes to objects of Helm or to our ConfigMaps; accept what a killed run overwrote.",
    ),
    click.option(
        "--replace-chart",
        is_flag=True,
        help="Upgrade a release even if another chart of the same name and version rendered it.",
    ),
    click.option(
        "--timeout",
        type=TIMEOUT,
        default="10m",
        show_default=True,
        help="How long to wait for pods, for each Helm release.",
    ),
)
UP: tuple[Decorator, ...] = (
    click.option(
        "--rules", is_flag=True, help="Apply the alerts as well, as a PrometheusRule that the Prometheus selects."
    ),
    click.option(
        "--keep",
        is_flag=True,
        help="Let Prometheus drop the series of Cilium that no board or alert reads, ours or upstream's.",
    ),
    click.option("--restart", is_flag=True, help="Restart pods of Cilium that have not read their configuration."),
    click.option(
        "--install-cilium", default="", metavar="VERSION", help="Install Cilium as the network if it is missing."
    ),
    click.option(
        "--interval", type=INTERVAL, default="30s", show_default=True, help="Scrape interval, unless the stack has one."
    ),
)
BOARDS: tuple[Decorator, ...] = (config_option, peer_label_option)
DOWN: tuple[Decorator, ...] = (
    click.option("--uninstall-cilium", is_flag=True, help="Remove Cilium as well, if `up` installed it."),
    click.option(
        "--delete-volumes", is_flag=True, help="Delete the volumes that the stack claimed, if `up` installed it."
    ),
)
PINNED: tuple[Decorator, ...] = tuple(pinned(name) for name in PINNED_BY)


def options(*groups: tuple[Decorator, ...]) -> Decorator:
    """Decorate a command with groups of options, in their order."""

    def decorate(function: Any) -> Any:
        for option in reversed([option for group in groups for option in group]):
            function = option(function)
        return function

    return decorate
