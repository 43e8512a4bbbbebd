"""Which ServiceMonitors the Prometheus selects, and what it scrapes without them, as options of `values`."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dashboards_py.cli._modes import command_line_parameters

if TYPE_CHECKING:
    from dashboards_py.values import Selects

SHORT_NAMES = {
    "agent": "cilium-agent",
    "operator": "cilium-operator",
    "envoy": "cilium-envoy",
    "relay": "hubble-relay",
}


@dataclass(frozen=True, slots=True)
class Selection:
    """How Cilium's metrics reach Prometheus.

    `labels` are those by which it selects ServiceMonitors, `is_stated` if the user said so, and `selects` is True for
    the labels of a ServiceMonitor that it selects (None: only labels are known). `scraped` are components that it
    scrapes without the chart's ServiceMonitors.
    """

    labels: Mapping[str, str] = field(default_factory=dict)
    is_stated: bool = False
    selects: "Selects | None" = None
    scraped: Collection[str] = ()


def _components(_ctx: click.Context, _param: click.Parameter, value: str | None) -> tuple[str, ...]:
    """The full names of components in a list with commas."""
    from dashboards_py.catalog import components

    known = {name for name, component in components().items() if component.service_monitor}
    names = [name.strip() for name in (value or "").split(",")] if value is not None else []
    full = [SHORT_NAMES.get(name, name) for name in names]
    if unknown := [name for name, own in zip(names, full, strict=True) if own not in known]:
        accepted = ", ".join(("hubble", *SHORT_NAMES, *sorted(known - {"hubble", *SHORT_NAMES.values()})))
        raise click.BadParameter(f"{', '.join(map(repr, unknown))}: known are {accepted}")
    return tuple(dict.fromkeys(full))


def _labels(_ctx: click.Context, _param: click.Parameter, value: tuple[str, ...]) -> dict[str, str]:
    """Labels from texts `key=value`, several in one with commas, as kubectl's `-l`."""
    labels: dict[str, str] = {}
    for text in (part.strip() for item in value for part in item.split(",")):
        key, separator, label = text.partition("=")
        if not separator or not key or key.endswith("!") or label.startswith("="):
            raise click.BadParameter(f"{text!r} is not KEY=VALUE")
        if labels.setdefault(key, label) != label:
            raise click.BadParameter(f"{key} is both {labels[key]} and {label}: no ServiceMonitor has both")
    return labels


def selection_options(command: Any) -> Any:
    """`--selector`, `--stack-values` and `--scraped`."""
    options = (
        click.option(
            "--selector",
            metavar="KEY=VALUE",
            multiple=True,
            callback=_labels,
            help="A label by which the Prometheus selects ServiceMonitors, instead of --release; repeatable.",
        ),
        click.option(
            "--stack-values",
            type=click.Path(path_type=Path),
            metavar="FILE",
            help="Read from these values of kube-prometheus-stack, or a Prometheus object, what it selects.",
        ),
        click.option(
            "--scraped",
            metavar="COMPONENTS",
            callback=_components,
            help="Components that something else than the chart's ServiceMonitors scrapes (a PodMonitor or "
            "ServiceMonitor of yours, VMServiceScrape, annotations, Alloy): hubble,agent,operator,envoy,relay.",
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


def selection_of(
    selected_by: str, selector: Mapping[str, str], stack_values: Path | None, scraped: Collection[str]
) -> Selection:
    """The selection that the options state; `selected_by` is the stack's Helm release."""
    used = command_line_parameters()
    if selector and ("selected_by" in used or stack_values):
        other = "--stack-values" if stack_values else "--release"
        raise click.UsageError(f"--selector and {other} are mutually exclusive")
    if stack_values:
        return _of_stack(stack_values, selected_by, scraped)
    labels = selector or {"release": selected_by}
    return Selection(labels, bool(selector) or "selected_by" in used, None, scraped)


def _of_stack(file: Path, helm_release: str, scraped: Collection[str]) -> Selection:
    """What a Prometheus of the stack selects."""
    from functools import partial

    from dashboards_py.cli._values_output import read_values
    from dashboards_py.errors import DashboardsError
    from dashboards_py.kubernetes.selectors import required_labels, selects
    from dashboards_py.values import is_object, spec_of_values, specs_of_objects

    command = "helm get values prometheus -n NAMESPACE -o yaml, or kubectl get prometheus -A -o yaml"
    values = read_values(file, command)
    specs = list(specs_of_objects(values, str(file))) if is_object(values) else []
    if not specs and (spec := spec_of_values(values, helm_release)):
        specs = [spec]
    if not specs:
        raise DashboardsError(str(file), cause="prometheus.enabled is false: the stack runs no Prometheus")
    if len(specs) > 1:
        names = ", ".join(spec.name for spec in specs)
        raise DashboardsError(str(file), cause=f"has several: {names}", fix="state its labels with --selector")
    spec = specs[0]
    if spec.is_template:
        cause = "its serviceMonitorSelector is a template, which only Helm can read"
        raise DashboardsError(f"{file}: {spec.name}", cause=cause, fix="state its labels with --selector")
    if spec.selector is None:
        cause = "has no serviceMonitorSelector, which selects nothing"
        raise DashboardsError(f"{file}: {spec.name}", cause=cause, fix="set it: {} selects all")
    return Selection(required_labels(spec.selector), True, partial(selects, spec.selector), scraped)
