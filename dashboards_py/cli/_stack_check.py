"""The output of `values stack --check`: how histograms are stored, which panels are empty, what the stack lacks."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dashboards_py.cli._input import STANDARD_INPUT
from dashboards_py.cli._modes import allow_only
from dashboards_py.cli._selection import release_of
from dashboards_py.cli._user_values import stacks_in
from dashboards_py.cli._values_output import finding_row, print_by_reason
from dashboards_py.errors import DashboardsError, ProblemsFound
from dashboards_py.plural import counted
from dashboards_py.release import Release

if TYPE_CHECKING:
    from dashboards_py.board import Board
    from dashboards_py.values.check import Finding
    from dashboards_py.values.prometheus_spec import PrometheusSpec
    from dashboards_py.values.read_stack import StackValues
    from dashboards_py.values.stack_check import StackGap

READ_BY = "helm get values prometheus -n prometheus -o yaml, or kubectl get prometheus -A -o yaml,"


def check_stack(
    boards: "Sequence[Board]",
    user_file: Path | None,
    assignments: dict[str, tuple[str, ...]],
    release: Release,
    selected_by: str,
    interval: str,
    *,
    as_json: bool,
) -> None:
    """Check values of kube-prometheus-stack, or Prometheus objects; raises ProblemsFound at the end for gaps."""
    from dashboards_py.lint import unread_queries

    specs, gaps, selected_by = _read(user_file, assignments, selected_by, interval)
    for board in boards:
        for where, why in unread_queries(board):
            click.echo(f"not read: {board.uid or board.title} / {' '.join(where.split())}: {why}", err=True)
    findings = {spec.name: list(_findings(boards, spec, release)) for spec in specs}
    if as_json:
        _print_json(specs, gaps, findings, release)
    else:
        _print(specs, gaps, findings, release)
    panels = sum(len(board.panels) for board in boards)
    count = len({(finding.board, finding.panel) for listed in findings.values() for finding in listed})
    click.echo(f"{counted(panels, 'panel')} on Cilium {release}: {count} with queries that are empty", err=True)
    if gaps or count:
        raise ProblemsFound(_summary(len(gaps), count), fix="; ".join(_fixes(specs, gaps, count, selected_by)))


def _read(
    user_file: Path | None, assignments: dict[str, tuple[str, ...]], selected_by: str, interval: str
) -> "tuple[Sequence[PrometheusSpec], Sequence[StackGap], str]":
    """Each Prometheus that may scrape Cilium, what is lacking, and the Helm release of the stack."""
    from dashboards_py.values import helm_set
    from dashboards_py.values.assemble import UserValues
    from dashboards_py.values.prometheus_spec import spec_of_values, specs_of_objects
    from dashboards_py.values.read_stack import StackValues
    from dashboards_py.values.stack_check import selector_gaps, selects_cilium, stack_gaps

    stack, objects = _stack(user_file) if user_file else (StackValues(UserValues({}, "")), [])
    if stack is None:
        allow_only(
            {"chart", "chosen", "release", "selected_by", "limits", "checked", "as_json"}, "for Prometheus objects"
        )
        name = STANDARD_INPUT if str(user_file) == "-" else str(user_file)
        listed = specs_of_objects({"kind": "List", "apiVersion": "v1", "items": objects}, name)
        gaps = selector_gaps(listed, selected_by)
        specs = [spec for spec in listed if gaps or selects_cilium(spec, selected_by)]
        for spec in listed:
            if spec not in specs:
                click.echo(f"{spec.name}: does not select Cilium's ServiceMonitors, and is not checked", err=True)
        return specs, gaps, selected_by
    selected_by = release_of(stack, selected_by)
    values = helm_set.apply(stack.values.values, **assignments)
    rendered = spec_of_values(values, selected_by)
    if rendered and rendered.is_template:
        click.echo(f"warning: {rendered.name}: its serviceMonitorSelector is a template, and is not checked", err=True)
    specs = [rendered] if rendered else []
    return specs, stack_gaps(values, specs, selected_by=selected_by, interval=interval), selected_by


def _stack(file: Path) -> "tuple[StackValues | None, Sequence[Mapping[str, Any]]]":
    """The values of the stack in a file, in whatever document; without any the objects that it holds."""
    stacks, objects = stacks_in(file, READ_BY)
    if len(stacks) > 1:
        names = "".join(f"\n  {item.values.where}" for item in stacks)
        cause = f"holds values of kube-prometheus-stack {len(stacks)} times:{names}"
        raise DashboardsError(str(file), cause=cause, fix="give a file that holds them once")
    return (stacks[0] if stacks else None), objects


def _findings(boards: "Sequence[Board]", spec: "PrometheusSpec", release: Release) -> "Iterator[Finding]":
    """The panels that lose queries if histograms are stored as the spec says."""
    from functools import partial

    from dashboards_py.lint import empty_without_classic
    from dashboards_py.values.check import Finding, Gap
    from dashboards_py.values.reason import Reason

    for board in boards:
        for panel in empty_without_classic(board, release, partial(spec.storage.loses_classic, release=release)):
            gap = Gap.PARTLY if panel.has_data else Gap.EMPTY
            why = Reason(f"not stored: {', '.join(panel.series)}", "native-histograms")
            yield Finding(board.uid or board.title, panel.title, gap, (why,))


def _print(
    specs: "Sequence[PrometheusSpec]",
    gaps: "Sequence[StackGap]",
    findings: "dict[str, list[Finding]]",
    release: Release,
) -> None:
    from dashboards_py.values.histograms import storage_text

    for gap in gaps:
        click.echo(f"{gap.key}: {gap.why}")
    for spec in specs:
        by_switch = _without_classic(spec, release)
        verdict = ". These boards read both kinds" if by_switch and not findings[spec.name] else ""
        click.echo(f"{spec.name}: histograms are {storage_text(by_switch)}{verdict}")
        print_by_reason(findings[spec.name])


def _print_json(
    specs: "Sequence[PrometheusSpec]",
    gaps: "Sequence[StackGap]",
    findings: "dict[str, list[Finding]]",
    release: Release,
) -> None:
    import json

    document = {
        "gaps": [{"key": gap.key, "why": gap.why} for gap in gaps],
        "prometheuses": [
            {
                "name": spec.name,
                "without_classic_series": _without_classic(spec, release),
                "panels": [finding_row(finding) for finding in findings[spec.name]],
            }
            for spec in specs
        ],
    }
    click.echo(json.dumps(document, indent=2, ensure_ascii=False))


def _without_classic(spec: "PrometheusSpec", release: Release) -> dict[str, tuple[str, ...]]:
    """By switch, the components whose histograms have no classic series."""
    from dashboards_py.catalog import components

    return dict(spec.storage.components_without_classic(components().values(), release))


def _summary(gaps: int, panels: int) -> str:
    """The problems in numbers."""
    parts = [f"{counted(panels, 'panel has', 'panels have')} queries that are empty"] if panels else []
    return "; ".join([*parts, *([f"{counted(gaps, 'setting is', 'settings are')} missing"] if gaps else [])])


def _fixes(
    specs: "Sequence[PrometheusSpec]", gaps: "Sequence[StackGap]", count: int, selected_by: str
) -> Iterator[str]:
    """The fixes for gaps, and for `count` panels."""
    from dashboards_py.values.stack_check import selects_cilium

    if gaps:
        yield "cilium-dashboards values stack prints what to set"
    if not all(selects_cilium(spec, selected_by) for spec in specs):
        yield "--release NAME, if Prometheus selects another label `release`"
    if count:
        converts = any(spec.storage.prometheus.get("convertClassicHistogramsToNHCB") for spec in specs)
        yield f"cilium-dashboards lint {'--all ' if converts else ''}FILE prints queries that read both kinds"
