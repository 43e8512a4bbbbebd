"""`values`: Helm values that the boards need, and what boards lack with somebody's values."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from dashboards_py.catalog.release import Release
from dashboards_py.cli._input import is_path, read_input
from dashboards_py.cli._modes import only, typed
from dashboards_py.cli._names import HELM_RELEASE, INTERVAL
from dashboards_py.cli._options import release_option, size_option
from dashboards_py.cli._passed_over import say_passed_over

if TYPE_CHECKING:
    from dashboards_py.board import Board
    from dashboards_py.documents.limits import Limits

FIX = "give a uid (`cilium-dashboards list`) or a JSON file"


ALWAYS = ("chart", "chosen", "release", "selected_by", "limits")  # parameters that each mode for the Cilium chart reads


@click.command()
@click.argument("chart", type=click.Choice(["cilium", "stack"]), default="cilium")
@click.option(
    "--board", "chosen", metavar="UID|FILE", multiple=True, help="Only this board: ours by uid, or a JSON file."
)
@release_option("Cilium release")
@click.option(
    "--release",
    "selected_by",
    type=HELM_RELEASE,
    default="prometheus",
    show_default=True,
    help="The label `release` by which the Prometheus selects ServiceMonitors: the stack's Helm release.",
)
@click.option("--interval", type=INTERVAL, default="30s", show_default=True, help="Scrape interval.")
@click.option(
    "--check",
    "checked",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Say what the boards lack with these values of the Cilium chart; exit 1 where something is lacking.",
)
@click.option(
    "--merge-with",
    "current",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Print what must be given on top of these values of the Cilium chart so that nothing in them is lost.",
)
@click.option(
    "--set",
    "flags",
    metavar="KEY=VALUE",
    multiple=True,
    help="A flag of helm to check, as it stands on a page; on top of --check.",
)
@click.option("--set-string", "string_flags", metavar="KEY=VALUE", multiple=True, help="As --set, of helm's own name.")
@click.option("--set-json", "json_flags", metavar="KEY=JSON", multiple=True, help="As --set, of helm's own name.")
@click.option(
    "--write",
    "directory",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Write the values of every Cilium release and of the stack to DIR: all files, or none on an error.",
)
@click.option(
    "--check-written",
    "written",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Write nothing: exit 1 naming each file of DIR that --write would change.",
)
@click.option("--json", "as_json", is_flag=True, help="With --check: print JSON.")
@size_option
def command(
    chart: str,
    chosen: tuple[str, ...],
    release: Release,
    selected_by: str,
    interval: str,
    checked: Path | None,
    current: Path | None,
    flags: tuple[str, ...],
    string_flags: tuple[str, ...],
    json_flags: tuple[str, ...],
    directory: Path | None,
    written: Path | None,
    as_json: bool,
    limits: "Limits",
) -> None:
    """Print or check the Helm values that the boards need.

    Of the Cilium chart, or of kube-prometheus-stack (`stack`). Nothing is switched on that no board reads; each line
    says which panel needs it. Features of Cilium are left as they are. `helm get values cilium -n kube-system -o yaml`
    prints the values that a cluster has.
    """
    if directory or written:
        _only_with_files(click.get_current_context())
        _files(directory, written, selected_by, interval)
        return
    assignments = {"set": flags, "set_string": string_flags, "set_json": json_flags}
    assignments = {kind: texts for kind, texts in assignments.items() if texts}
    if chart == "stack":
        only({"chart", "selected_by", "interval"}, "for `stack`")
        _stack(selected_by, interval)
        return
    if "limits" in typed() and not any(map(is_path, chosen)):
        raise click.UsageError("--max-size means nothing without --board FILE")
    if checked or assignments:
        only({*ALWAYS, "checked", "flags", "string_flags", "json_flags", "as_json"}, "with --check or --set")
    else:
        only({*ALWAYS, "interval", "current"}, "without --check or --set")
    boards = _boards(chosen, release, limits)
    say_passed_over([board for board, name in zip(boards, chosen, strict=bool(chosen)) if is_path(name)], release)
    if checked or assignments:
        _check(boards, checked, assignments, release, selected_by, as_json)
        return
    _cilium(boards, release, selected_by, interval, current)


def _boards(chosen: tuple[str, ...], release: Release, limits: "Limits") -> "list[Board]":
    if chosen and all(map(is_path, chosen)):
        return [_foreign(name, limits) for name in chosen]
    from dashboards_py.board import read
    from dashboards_py.compile import compile_boards, find

    if not chosen:
        return [read(board.json) for board in compile_boards(release)]
    return [_foreign(each, limits) if is_path(each) else read(find(each, release).json) for each in chosen]


def _only_with_files(context: click.Context) -> None:
    """Every file holds all boards and one release: what chooses among them is a usage error."""
    given = [name for name in context.params if context.get_parameter_source(name) == ParameterSource.COMMANDLINE]
    if len({"directory", "written"} & set(given)) > 1:
        raise click.UsageError("--write and --check-written exclude each other")
    if others := [name for name in given if name not in ("directory", "written", "selected_by", "interval")]:
        options = {option.name: option.opts[0] for option in context.command.params}
        raise click.UsageError(f"--write and --check-written are for all releases: leave out {options[others[0]]}")


def _files(directory: Path | None, written: Path | None, selected_by: str, interval: str) -> None:
    from dashboards_py.errors import ProblemsFound
    from dashboards_py.values import changed_value_files, value_files, write_value_files

    files = value_files(selected_by, interval)
    if directory:
        changed = write_value_files(directory, files)
        click.echo(f"{directory}: {len(files)} files, {len(changed)} written")
    elif written:
        if changed := changed_value_files(written, files):
            raise ProblemsFound(
                f"{written} is not what the boards need: {', '.join(changed)}",
                fix="run `make values` and review the diff",
            )
        click.echo(f"{written}: {len(files)} files, all as the boards need them")


def _stack(selected_by: str, interval: str) -> None:
    from dashboards_py.values import stack_text

    click.echo(stack_text(selected_by, interval), nl=False)


def _cilium(boards: "list[Board]", release: Release, selected_by: str, interval: str, current: Path | None) -> None:
    from dashboards_py.errors import ProblemsFound
    from dashboards_py.needs import needs
    from dashboards_py.values import cilium_head, cilium_text, look_up, merged, rendered, wanted

    if not current:
        click.echo(cilium_text(boards, release, selected_by, interval), nl=False)
        return
    theirs = _read(current)
    every = [need for board in boards for need in needs(board, release)]
    found = wanted(
        every,
        release,
        labels={"release": selected_by},
        interval=interval,
        mesh=look_up(theirs, "clustermesh.useAPIServer") is True,
    )
    over, conflicts = merged(
        theirs,
        found,
        frozenset(need.metric.switch_on(release) for need in every if need.metric.component == "cilium-agent"),
    )
    head = f"{cilium_head(release)}\nTo be given on top of {current.name}: lists hold its entries too."
    click.echo(rendered(over, head) if over else f"# {current.name} has all that the boards need.\n", nl=False)
    if conflicts:
        lines = "\n".join(f"  {each.key}: {each.theirs}: {each.why}" for each in conflicts)
        raise ProblemsFound(f"{len(conflicts)} in {current} stand against the boards and are kept:\n{lines}")


def _check(
    boards: "list[Board]",
    path: Path | None,
    assignments: dict[str, tuple[str, ...]],
    release: Release,
    selected_by: str,
    as_json: bool,
) -> None:
    import json
    from itertools import groupby

    from dashboards_py.errors import ProblemsFound
    from dashboards_py.values import check, helm_set
    from dashboards_py.values.check import Lack, strange

    given = helm_set.apply(_read(path) if path else {}, **assignments)
    for line in strange(given):
        click.echo(f"warning: {line}", err=True)
    found = check(boards, given, release, labels={"release": selected_by})
    if as_json:
        rows = [{"board": f.board, "panel": f.panel, "lack": str(f.lack), "why": list(f.why)} for f in found]
        click.echo(json.dumps(rows, indent=2, ensure_ascii=False))
    problems = [each for each in found if each.lack != Lack.FEATURE]
    if not as_json:
        for why, group in groupby(sorted(found, key=lambda each: (each.why, each.board)), key=lambda each: each.why):
            click.echo("; ".join(why))
            for each in group:
                click.echo(f"  {each.lack:>11}  {each.board} / {each.panel}")
    total = sum(len(board.panels) for board in boards)
    click.echo(f"{total - len(found)} of {total} panels show all they can on Cilium {release}", err=True)
    if problems:
        raise ProblemsFound(
            f"{len(problems)} panels lack something",
            fix=f"cilium-dashboards values{f' --merge-with {path}' if path else ''} prints what to set",
        )


def _foreign(path: str, limits: "Limits") -> "Board":
    """Somebody's board, with a word on what is odd in it."""
    from dashboards_py.board import read

    name, source = read_input(path, limits, FIX)
    board = read(source, name, limits)
    _warn(name, board.notes)
    return board


def _read(path: Path) -> dict[str, Any]:
    from dashboards_py.documents.limits import VALUES
    from dashboards_py.documents.yaml import load_yaml
    from dashboards_py.errors import DashboardsError

    name, source = read_input(str(path), VALUES, "helm get values cilium -n kube-system -o yaml prints them")
    document = load_yaml(source, name)
    _warn(name, document.notes)
    if document.value is None:
        return {}
    if not isinstance(document.value, dict):
        from dashboards_py.board.wrong_types import kind

        raise DashboardsError(name, cause=f"holds {kind(document.value)}, not values of a chart")
    return document.value


def _warn(name: str, notes: tuple[str, ...]) -> None:
    for note in notes:
        click.echo(f"warning: {name}: {note}", err=True)
