"""The output of `values`, a function for each of its modes."""

from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Any

import click

from dashboards_py.cli._configuration import load_configuration
from dashboards_py.errors import PartlyDone, ProblemsFound
from dashboards_py.plural import counted
from dashboards_py.release import Release

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from dashboards_py.board import Board
    from dashboards_py.cli._selection import Selection
    from dashboards_py.need import Need
    from dashboards_py.values.check import Finding


# One and several, of panels alone, and of panels with rules.
COMPLETE = (
    ("panel shows all it can", "panels show all they can"),
    ("panel or rule has all its data", "panels and rules have all their data"),
)
LACKING = (("panel lacks", "panels lack"), ("panel or rule lacks", "panels and rules lack"))


def write_files(directory: Path, selected_by: str, interval: str, config: Path | None) -> None:
    """Write the values of every release and of the stack; each is proved as printed ones are, before any is written."""
    from dashboards_py.release import RELEASES
    from dashboards_py.values.files import file_of, value_files, write_value_files

    files = value_files(_needs_of(config), selected_by, interval)
    for release in RELEASES:
        ensure_accepted(files[file_of(release)].decode(), {}, release, None)
    changed = write_value_files(directory, files)
    click.echo(f"{directory}: {counted(len(files), 'file')}, {len(changed)} written")


def check_files(directory: Path, selected_by: str, interval: str, config: Path | None) -> None:
    """Raise ProblemsFound that names the files which writing would change."""
    from dashboards_py.values.files import changed_value_files, value_files

    files = value_files(_needs_of(config), selected_by, interval)
    if changed := changed_value_files(directory, files):
        fix = "run `make values` and review the diff"
        raise ProblemsFound(f"{directory} is not what the boards need: {', '.join(changed)}", fix=fix)
    click.echo(f"{directory}: {counted(len(files), 'file')}, all as the boards need them")


def _needs_of(config: Path | None) -> "Callable[[Release], Sequence[Need]]":
    """What our boards need, by release."""
    from dashboards_py.cli._our_readings import our_needs

    configuration = load_configuration(config).with_our_labels
    return lambda release: our_needs(release, configuration)


def print_stack(selected_by: str, interval: str) -> None:
    """Print values of kube-prometheus-stack."""
    from dashboards_py.values.files import stack_text

    click.echo(stack_text(selected_by, interval), nl=False)


def print_cilium(
    needs: "Sequence[Need]",
    release: Release,
    selection: "Selection",
    interval: str,
    chart: Path | None,
    *,
    are_all: bool,
) -> None:
    """Print values of the Cilium chart for the needs of all of our boards, or of some."""
    from dashboards_py.values.files import cilium_text
    from dashboards_py.values.required import CONTEXT

    text = cilium_text(needs, release, selection.labels, interval, selection.scraped, are_all)
    ensure_accepted(text, {}, release, chart)
    click.echo(text, nl=False)
    if CONTEXT in text:
        forms = "are written as namespace/workload; other forms are pod, app, namespace, dns, ip"
        chosen = f"chosen: sourceContext and destinationContext={CONTEXT}: `source` and `destination` {forms}"
        click.echo(chosen, err=True)
    print_excluded(needs)


def ensure_accepted(
    text: str, user_values: "Mapping[str, Any]", release: Release, chart: Path | None, below: "Sequence[str]" = ()
) -> str:
    """Raise an error, before a text of values is printed, if they would be refused; with a chart it is rendered.

    Returns the reason why the chart refuses the user's values alone, "" if it accepts them.
    """
    from dashboards_py.documents.yaml import load_yaml
    from dashboards_py.errors import DashboardsError
    from dashboards_py.kubernetes.template import chart_refusal
    from dashboards_py.values.keys import merge_values
    from dashboards_py.values.proof import refusals

    printed = load_yaml(text, "the values").value or {}
    for key in below:
        printed = printed.get(key) or {}
    if refused := refusals(printed, user_values, release):
        cause = f"would not be accepted: {'; '.join(refused)}"
        raise DashboardsError("the values", cause=cause, fix="please report the boards and values that you have")
    if not chart or not (refusal := chart_refusal(chart, merge_values(user_values, printed))):
        return ""
    own = chart_refusal(chart, user_values) if user_values else ""
    if not own:
        raise ProblemsFound(str(chart), cause=f"refuses the values: {refusal}", fix="is it the chart of --cilium?")
    return own


def print_excluded(needs: "Sequence[Need]") -> None:
    """Report the panels that stay empty because Cilium does not accept their handler together with another's."""
    from dashboards_py.values.required import excluded_needs

    for where in sorted({need.where for need in excluded_needs(needs)}):
        click.echo(f"stays empty: {where}: Cilium does not accept http together with httpV2", err=True)


def print_merged(
    boards: "list[Board]",
    release: Release,
    selection: "Selection",
    interval: str,
    user_file: Path,
    chart: Path | None,
) -> None:
    """Print what must be set on top of a user's values; raises ProblemsFound at the end if any conflict with ours."""
    from dashboards_py.cli._user_values import one_of
    from dashboards_py.needs import needs_of
    from dashboards_py.values.files import cilium_head
    from dashboards_py.values.keys import merge_values
    from dashboards_py.values.merge import merge_needs
    from dashboards_py.values.render import as_tree, to_yaml

    user_values = one_of(user_file)
    missing, conflicts = merge_needs(
        needs_of(boards, release),
        user_values.values,
        release,
        labels=selection.labels,
        interval=interval,
        selects=selection.selects,
        scraped=selection.scraped,
    )
    head = f"{cilium_head(release)}\nTo be set on top of {user_file.name}: lists hold its entries too."
    if user_values.document:
        head += f"\nThese are plain values: they belong into {user_values.path} of {user_values.document}."
    text = to_yaml(missing, head, user_values.below) if missing else ""
    own_refusal = ensure_accepted(text, user_values.values, release, chart, user_values.below)
    click.echo(text or f"# {user_file.name} has all that the boards need.\n", nl=False)
    if own_refusal:
        click.echo(f"error: {chart} refuses {user_file} without these values, too: {own_refusal}", err=True)
    print_handler_problems(merge_values(user_values.values, as_tree(missing)), release, flags=False, errors=False)
    if conflicts:
        lines = "\n".join(f"  {conflict.key}: {conflict.user_value}: {conflict.why}" for conflict in conflicts)
        one = f"value in {user_file} conflicts with the boards and is kept"
        several = f"values in {user_file} conflict with the boards and are kept"
        raise ProblemsFound(f"{counted(len(conflicts), one, several)}:\n{lines}")
    if own_refusal:
        raise ProblemsFound(f"{chart} refuses {user_file}", fix="correct these values first")


def print_check(
    boards: "list[Board]",
    user_file: Path | None,
    assignments: dict[str, tuple[str, ...]],
    release: Release,
    selection: "Selection",
    chart: Path | None,
    *,
    as_json: bool,
    with_rules: bool,
) -> None:
    """Print what boards and rules lack with a user's values; raises ProblemsFound at the end if they do.

    Features that are off are no problem.

    Of a file or directory that holds several values each is checked, and what could not be read raises PartlyDone.
    """
    from dashboards_py.cli._user_values import user_values_in
    from dashboards_py.kubernetes.template import chart_refusal
    from dashboards_py.values import helm_set
    from dashboards_py.values.assemble import UserValues
    from dashboards_py.values.check import check
    from dashboards_py.values.unknown_keys import unknown_keys

    checked, unread = user_values_in(user_file) if user_file else ((UserValues({}, ""),), ())
    rows: list[dict[str, Any]] = []
    problems = errors = 0
    for item in checked:
        values = helm_set.apply(item.values, **assignments)
        is_named = len(checked) > 1 or bool(item.document or item.below)
        for text in unknown_keys(values):
            click.echo(f"warning: {f'{item.where}: ' if is_named else ''}{text}", err=True)
        errors += print_handler_problems(values, release, flags=bool(assignments), where=item.where if is_named else "")
        if chart and (refusal := chart_refusal(chart, values)):
            click.echo(f"error: {f'{item.where}: ' if is_named else ''}{chart} refuses the values: {refusal}", err=True)
            errors += 1
        # Without word of the selector, labels are not a finding: many a Prometheus selects every ServiceMonitor.
        labels = selection.labels if selection.is_stated else {}
        findings = check(boards, values, release, labels=labels, scraped=selection.scraped, selects=selection.selects)
        if as_json:
            location = {"file": item.file, "document": item.document, "path": item.path or ".".join(item.below)}
            rows += _rows(findings, location if is_named else {})
        else:
            if is_named and findings:
                click.echo(f"{item.where}:")
            print_by_reason(findings)
        total = sum(len(board.panels) for board in boards)
        complete = counted(total, *COMPLETE[with_rules])
        summary = f"{total - len(findings)} of {complete} on Cilium {release}"
        click.echo(f"{item.where}: {summary}" if is_named else summary, err=True)
        problems += sum(finding.gap.is_fault for finding in findings)
    if as_json:
        _print_json(rows)
    if unread:
        raise PartlyDone("\n".join(map(str, unread)), fix="what could be read was checked")
    if problems:
        merge = f" --merge-with {quote(str(user_file))}" if user_file else ""
        fix = f"cilium-dashboards values{merge} prints what to set"
        raise ProblemsFound(f"{counted(problems, *LACKING[with_rules])} something", fix=fix)
    if errors:
        raise ProblemsFound(f"{counted(errors, 'value')} that Cilium or its chart refuses")


def print_handler_problems(
    values: dict[str, Any], release: Release, *, flags: bool, errors: bool = True, where: str = ""
) -> int:
    """Print what is wrong with Hubble's handlers, or only warnings, and return the number of errors."""
    from dashboards_py.values.handler_problems import handler_problems
    from dashboards_py.values.hubble_metrics import CREATES, hubble_metrics

    problems = handler_problems(values, release, flags=flags)
    prefix = f"{where}: " if where else ""
    for problem in problems:
        if problem.error and not errors:
            continue
        click.echo(f"{'error' if problem.error else 'warning'}: {prefix}{problem.text}", err=True)
    if errors and (config_map := hubble_metrics(values, release).config_map):
        what = f"{CREATES} is false: the handlers are in ConfigMap {config_map}, which the values do not hold"
        click.echo(f"warning: {prefix}{what}: whether they are enough for the boards is not known", err=True)
    return sum(problem.error for problem in problems)


def _rows(findings: "Sequence[Finding]", location: "Mapping[str, str]") -> list[dict[str, Any]]:
    """Findings as JSON, with the document in which the values are."""
    from dashboards_py.values.check import Gap

    deprecated_names = {Gap.MISSING_LABELS: "unnamed"}
    return [
        {
            **location,
            **finding_row(finding, deprecated={"lack": deprecated_names.get(finding.gap, str(finding.gap))}),
        }
        for finding in findings
    ]


def _print_json(rows: "Sequence[Mapping[str, Any]]") -> None:
    import json

    click.echo("the key `lack` is now `gap`; `lack` will be removed in the next version", err=True)
    click.echo(json.dumps(rows, indent=2, ensure_ascii=False))


def finding_row(finding: "Finding", deprecated: "Mapping[str, str] | None" = None) -> dict[str, Any]:
    """A finding as JSON; `deprecated` holds keys of earlier versions."""
    row = {"board": finding.board, "panel": finding.panel, "gap": str(finding.gap)}
    from dashboards_py.values.reason import causes_of

    return {**row, **(deprecated or {}), "why": list(finding.why), "causes": list(causes_of(finding.why))}


def print_by_reason(findings: "Sequence[Finding]") -> None:
    """Print the panels below what they lack."""
    from itertools import groupby

    from dashboards_py.values.reason import causes_of

    ordered = sorted(findings, key=lambda finding: (finding.why, finding.board))
    for why, group in groupby(ordered, key=lambda finding: finding.why):
        causes = "".join(f" [{cause}]" for cause in causes_of(why))
        click.echo(f"{'; '.join(why)}{causes}")
        for finding in group:
            click.echo(f"  {finding.gap:>14}  {finding.board} / {finding.panel}")


def warn(name: str, notes: tuple[str, ...]) -> None:
    """Print warnings about anomalies of an input."""
    for note in notes:
        click.echo(f"warning: {name}: {note}", err=True)
