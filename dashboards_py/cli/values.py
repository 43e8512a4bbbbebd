"""`values`: Helm values that the boards need, and what boards lack with somebody's values."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dashboards_py.catalog.release import Release
from dashboards_py.cli._options import release_option

if TYPE_CHECKING:
    from dashboards_py.board import Board


@click.command()
@click.argument("chart", type=click.Choice(["cilium", "stack"]), default="cilium")
@click.option(
    "--board", "chosen", metavar="UID|FILE", multiple=True, help="Only this board: ours by uid, or a JSON file."
)
@release_option("Cilium release")
@click.option(
    "--release",
    "selected_by",
    default="prometheus",
    show_default=True,
    help="The label `release` by which the Prometheus selects ServiceMonitors: the stack's Helm release.",
)
@click.option("--interval", default="30s", show_default=True, help="Scrape interval.")
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
    help="A flag of helm to check, as it stands; on top of --check.",
)
@click.option("--json", "as_json", is_flag=True, help="With --check: print JSON.")
def command(
    chart: str,
    chosen: tuple[str, ...],
    release: Release,
    selected_by: str,
    interval: str,
    checked: Path | None,
    current: Path | None,
    flags: tuple[str, ...],
    as_json: bool,
) -> None:
    """Print the Helm values that the boards need: of the Cilium chart, or of kube-prometheus-stack (`stack`).

    Nothing is switched on that no board reads; each line says which panel needs it. Features of Cilium are left as
    they are. `helm get values cilium -n kube-system -o yaml` prints the values that a cluster has.
    """
    if chart == "stack":
        if chosen or checked or current or flags:
            raise click.UsageError("--board, --check, --set and --merge-with are for the Cilium chart")
        _stack(selected_by, interval)
        return
    boards = _boards(chosen, release)
    if checked or flags:
        _check(boards, checked, flags, release, selected_by, as_json)
        return
    _cilium(boards, release, selected_by, interval, current)


def _boards(chosen: tuple[str, ...], release: Release) -> "list[Board]":
    from dashboards_py.board import read
    from dashboards_py.compile import compile_boards, find

    if not chosen:
        return [read(board.json) for board in compile_boards(release)]
    return [
        read(Path(each).read_bytes(), each) if Path(each).is_file() else read(find(each, release).json)
        for each in chosen
    ]


def _stack(selected_by: str, interval: str) -> None:
    from dashboards_py.values import rendered, stack

    head = (
        f"Values of kube-prometheus-stack for the boards, installed as the Helm release {selected_by}.\n"
        f"Printed by `cilium-dashboards values stack`."
    )
    click.echo(rendered(stack(selected_by=selected_by, interval=interval), head), nl=False)


def _cilium(boards: "list[Board]", release: Release, selected_by: str, interval: str, current: Path | None) -> None:
    from dashboards_py.errors import ProblemsFound
    from dashboards_py.needs import needs
    from dashboards_py.values import look_up, merged, rendered, wanted

    theirs = _read(current) if current else {}
    every = [need for board in boards for need in needs(board, release)]
    found = wanted(
        every,
        release,
        labels={"release": selected_by},
        interval=interval,
        mesh=look_up(theirs, "clustermesh.useAPIServer") is True,
    )
    head = (
        f"Values of the Cilium chart {release}: the metrics that the boards read, and nothing else.\n"
        "Printed by `cilium-dashboards values cilium`. Beside each line: a panel that needs it."
    )
    if not current:
        click.echo(rendered(found, head), nl=False)
        return
    over, conflicts = merged(
        theirs, found, frozenset(need.metric.name for need in every if need.metric.component == "cilium-agent")
    )
    head += f"\nTo be given on top of {current.name}: lists hold its entries too."
    click.echo(rendered(over, head) if over else f"# {current.name} has all that the boards need.\n", nl=False)
    if conflicts:
        lines = "\n".join(f"  {each.key}: {each.theirs}: {each.why}" for each in conflicts)
        raise ProblemsFound(f"{len(conflicts)} in {current} stand against the boards and are kept:\n{lines}")


def _check(
    boards: "list[Board]",
    path: Path | None,
    flags: tuple[str, ...],
    release: Release,
    selected_by: str,
    as_json: bool,
) -> None:
    import json
    from itertools import groupby

    from dashboards_py.errors import ProblemsFound
    from dashboards_py.values import check, helm_set, over
    from dashboards_py.values.check import Lack, strange

    given = over(_read(path) if path else {}, helm_set.values(flags))
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


def _read(path: Path) -> dict[str, Any]:
    import yaml

    from dashboards_py.errors import DashboardsError

    try:
        found = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise DashboardsError(str(path), cause=error.strerror or str(error)) from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise DashboardsError(str(path), cause=f"is not YAML: {' '.join(str(error).split())}") from None
    if found is None:
        return {}
    if not isinstance(found, dict):
        raise DashboardsError(str(path), cause=f"holds a {type(found).__name__}, not values of a chart")
    return found
