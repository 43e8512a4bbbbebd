"""Which ServiceMonitors the Prometheus selects, and what it scrapes without them, as options of `values`."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dashboards_py.cli._modes import command_line_parameters

if TYPE_CHECKING:
    from dashboards_py.shapes import Json
    from dashboards_py.values.merge import Selects
    from dashboards_py.values.read_stack import StackValues

COMMAND = "helm get values prometheus -n NAMESPACE -o yaml, or kubectl get prometheus -A -o yaml"

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
            help="Read from these values of kube-prometheus-stack, in a HelmRelease, Application ... too, or from a "
            "Prometheus or VMAgent, what it selects.",
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


def release_of(stack: "StackValues", helm_release: str) -> str:
    """The Helm release of a stack: that of the option, or else the one that its document names."""
    return helm_release if "selected_by" in command_line_parameters() else stack.release or helm_release


def _of_stack(file: Path, helm_release: str, scraped: Collection[str]) -> Selection:
    """What a Prometheus of the stack selects, or a VMAgent."""
    from functools import partial

    from dashboards_py.errors import DashboardsError
    from dashboards_py.kubernetes.selectors import required_labels, selects

    specs = list(_specs(file, helm_release))
    if not specs:
        raise DashboardsError(str(file), cause="prometheus.enabled is false: the stack runs no Prometheus")
    if len(specs) > 1:
        names = ", ".join(name for name, *_ in specs)
        raise DashboardsError(str(file), cause=f"has several: {names}", fix="state its labels with --selector")
    name, field, selector, is_template = specs[0]
    if is_template:
        cause = f"its {field} is a template, which only Helm can read"
        raise DashboardsError(f"{file}: {name}", cause=cause, fix="state its labels with --selector")
    if selector is None:
        cause = f"has no {field}, which selects nothing"
        raise DashboardsError(f"{file}: {name}", cause=cause, fix="set it: {} selects all")
    return Selection(required_labels(selector), True, partial(selects, selector), scraped)


def _specs(file: Path, helm_release: str) -> "Iterator[tuple[str, str, Json | None, bool]]":
    """Each that may scrape: its name, its field, the selector in it (None: none), and whether Helm has to render it."""
    from dashboards_py.cli._user_values import stacks_in
    from dashboards_py.documents.objects import mapping, qualified_name
    from dashboards_py.kubernetes.selectors import vm_agent_selector
    from dashboards_py.values.prometheus_spec import spec_of_values, specs_of_objects

    stacks, documents = stacks_in(file, COMMAND)
    for stack in stacks:
        if spec := spec_of_values(stack.values.values, release_of(stack, helm_release)):
            yield spec.name, "serviceMonitorSelector", spec.selector, spec.is_template
    for document in documents if not stacks else ():
        if document.get("kind") == "VMAgent":
            selector = vm_agent_selector(mapping(document, "spec"))
            yield f"VMAgent {qualified_name(document)}", "serviceScrapeSelector", selector, False
    others = [document for document in documents if document.get("kind") != "VMAgent"]
    if not stacks and (others or not documents):
        for spec in specs_of_objects({"kind": "List", "apiVersion": "v1", "items": others}, str(file)):
            yield spec.name, "serviceMonitorSelector", spec.selector, False
