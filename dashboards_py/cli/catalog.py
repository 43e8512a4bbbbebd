"""`catalog`: lists metrics, and describes one on each release of Cilium."""

from functools import partial
from typing import TYPE_CHECKING, Any

import click

from dashboards_py.errors import DashboardsError

if TYPE_CHECKING:
    from collections.abc import Callable

    from dashboards_py.catalog import Metric, Release, Status


@click.command
@click.argument("metric", metavar="[METRIC|PATTERN|WORD]", default="")
@click.option("--cilium", "only", metavar="X.Y", help="Only this release of Cilium.  [default: all]")
@click.option("--json", "as_json", is_flag=True, help="Print JSON: a list of objects.")
def command(metric: str, only: str | None, as_json: bool) -> None:
    """Look up metrics: releases, labels, ports, Helm values.

    METRIC is a name as in Prometheus, also of a histogram's series (_bucket, _sum, _count). The output describes it for
    each component that exposes it: which releases have it, what enables it, its labels and their values. Anything else
    lists metrics: PATTERN by name ('drop*', 'hubble_*'), WORD by name and help; without an argument all of them.

    The state of a metric on a release is one of:

    \b
    exported        exposed as soon as the component's metrics are enabled
    off by default  not exposed unless a Helm value names it
    conditional     exposed only while a feature is in use
    never written   defined, but nothing sets it: panels are empty
    removed         only older releases have it
    not yet         only newer releases have it
    never existed   documented or misspelt, in no release

    Exit code 2: nothing matches; similar names are suggested.
    """
    import json

    from dashboards_py.catalog import FOREIGN, RELEASES, Release, entries, status
    from dashboards_py.cli._metrics import lines, objects, on, search

    release = Release.parse(only) if only else None
    matching = entries(metric)
    if not matching:
        listed = on(search(metric), release)
        if not listed or metric in FOREIGN:
            raise _unknown(metric, release)
        click.echo(json.dumps(objects(listed), indent=2, ensure_ascii=False) if as_json else "\n".join(lines(listed)))
        return
    releases = (release,) if release else RELEASES
    states = [[row for at in releases for row in status(metric, at) if row.metric == entry] for entry in matching]
    if as_json:
        objects_ = [_object(entry, rows) for entry, rows in zip(matching, states, strict=True)]
        click.echo(json.dumps(objects_, indent=2, ensure_ascii=False))
        return
    click.echo("\n\n".join(_text(entry, rows) for entry, rows in zip(matching, states, strict=True)))


def _unknown(metric: str, release: "Release | None") -> DashboardsError:
    """The error for an unknown metric, with similar names."""
    from dashboards_py.catalog import FOREIGN, NEWEST, status, suggest
    from dashboards_py.cli._metrics import search

    what = f"metric {metric!r}"
    if metric in FOREIGN:
        subject = "alert" if metric == "ALERTS" else "target"
        return DashboardsError(what, cause=f"is not Cilium's: Prometheus writes it for every {subject}")
    if release and search(metric):
        return DashboardsError(
            what, cause=f"does not exist on Cilium {release}", fix="other releases have it: leave out --cilium"
        )
    if {*metric} & {*"*?["}:
        return DashboardsError(
            f"pattern {metric!r}", cause="no metric has such a name", fix="catalog lists all metrics"
        )
    state = status(metric, NEWEST)[0]
    close = suggest(metric) or state.replaced_by
    fix = f"did you mean {' or '.join(close)}?" if close else "cilium-dashboards catalog lists all metrics"
    return DashboardsError(what, cause=state.reason[0].lower() + state.reason[1:-1], fix=fix)


def _object(entry: "Metric", rows: "list[Status]") -> dict[str, Any]:
    """A metric of one component as JSON."""
    component = entry.exposed_by
    return {
        "name": entry.name,
        "help": entry.help,
        "unit": entry.unit,
        "component": {
            "name": component.name,
            "port": component.port,
            "port_name": component.port_name,
            "service_monitor": component.service_monitor,
            "pod": component.pod,
            "container": component.container,
            "labels": list(component.scrape_labels),
        },
        "note": entry.note,
        "source": entry.source,
        "releases": [{"release": str(row.release), **_facts(entry, row)} for row in rows],
    }


def _facts(entry: "Metric", row: "Status") -> dict[str, Any]:
    """The facts about a metric on one release."""
    verdict = {"state": row.state.value, "reason": row.reason, "fix": row.fix, "replaced_by": list(row.replaced_by)}
    if not entry.exists_on(row.release):
        return verdict
    labels = entry.labels_on(row.release)
    return verdict | {
        "type": entry.type_on(row.release),
        "labels": list(labels),
        "values": {
            label: {"known": list(entry.values_on(label, row.release)), "complete": entry.is_closed(label)}
            for label in labels
            if entry.values_on(label, row.release)
        },
        "helm": [str(setting) for setting in entry.enabled_by_on(row.release)],
    }


def _text(entry: "Metric", rows: "list[Status]") -> str:
    """A metric of one component as text."""
    last = next((row.release for row in reversed(rows) if entry.exists_on(row.release)), None)
    lines = [entry.name, f"  {entry.help}", ""]
    facts = [("component", _exposed_at(entry)), *(_details(entry, last) if last else []), ("note", entry.note)]
    lines += [f"  {title:<15} {text}" for title, text in facts if text]
    lines += ["", "  RELEASE  STATE           TYPE       WHY"]
    for row in rows:
        kind = entry.type_on(row.release) if entry.exists_on(row.release) else "-"
        why = f"{row.reason} {row.fix}".rstrip()
        lines.append(f"  {row.release!s:<8} {row.state.value:<15} {kind:<10} {why}")
    return "\n".join(lines)


def _exposed_at(entry: "Metric") -> str:
    component = entry.exposed_by
    if component.service_monitor is None:
        return f"{component.name}, pods {component.pod}. {component.note}"
    where = f"port {component.port} ({component.port_name}), ServiceMonitor {component.service_monitor}"
    return f"{component.name}: {where}, pods {component.pod}"


def _details(entry: "Metric", release: "Release") -> list[tuple[str, str]]:
    """The facts about a metric on the newest of its releases that are shown."""
    lines = [("labels", _by_release(entry, lambda at: ", ".join(entry.labels_on(at)) or "none"))]
    if entry.handler:
        options = ", ".join([*entry.options, "labelsContext", "sourceContext", "destinationContext"])
        lines.append(("more labels", f"with options of the handler {entry.handler}: {options}"))
    lines.append(("from scraping", ", ".join(entry.exposed_by.scrape_labels)))
    for label in dict.fromkeys(label for at in entry.releases for label in entry.labels_on(at)):
        if values := _by_release(entry, partial(_values, entry, label)):
            lines.append((f"  {label}", values))
    lines.append(("Helm values", ", ".join(map(str, entry.enabled_by_on(release)))))
    return lines


def _values(entry: "Metric", label: str, release: "Release") -> str:
    """Known values as text, with dots if there may be others; empty if the release lacks the label."""
    values = entry.values_on(label, release) if label in entry.labels_on(release) else ()
    shown = ", ".join(value or '""' for value in values)
    return shown if not shown or entry.is_closed(label) else f"{shown}, ..."


def _by_release(entry: "Metric", fact_on: "Callable[[Release], str]") -> str:
    """A fact as text; if releases differ, each variant with the first release that it applies to."""
    steps: dict[str, str] = {}
    for at in entry.releases:
        if not steps or fact_on(at) != list(steps.values())[-1]:
            steps[str(at)] = fact_on(at)
    texts = {at: text for at, text in steps.items() if text}
    if len(steps) == 1 and texts:
        return next(iter(texts.values()))
    return "; ".join(f"{text} (from {at})" for at, text in texts.items())
