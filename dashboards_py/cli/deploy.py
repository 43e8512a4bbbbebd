"""`deploy`: sends the boards to Grafana, by one of several targets."""

import sys
from typing import TYPE_CHECKING, Any

import click

from dashboards_py.cli._first_page import FIRST_BOARD_UID
from dashboards_py.cli._remedies import resolve_remedy
from dashboards_py.cli._targets import Targets, plan_deployment

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from dashboards_py.targets import Change, Deployment


UNRECORDED = (
    "Warning: these boards read recorded series, and are empty where Prometheus does not record them: load the rules "
    "as well (deploy configmaps --rules, deploy files --rules, or a file of rules/ that `compile --recorded` writes)"
)


class DeployTargets(Targets):
    """A command for each target."""

    run = staticmethod(lambda name, **args: _deploy(name, **args))
    options = (click.Option(["--dry-run"], is_flag=True, help="Print the plan and write nothing."),)
    writes = True


@click.group(cls=DeployTargets)
def command() -> None:
    """Deploy the boards: as files, as ConfigMaps, through an API.

    Without a target: grafana if GRAFANA_URL is set, else files. With UIDs only these boards, without links to others.
    A board that was deployed and is left out now stays there: its line says how to remove it.

    Only what is ours is changed. A board that someone edited since our last deploy is left alone and reported (exit 1)
    unless --overwrite is set. A second run writes nothing; an interrupted one can be run again. Each plan lists what we
    deployed and the code or the settings no longer have; --prune removes it, unless someone edited or copied it.
    """


def _deploy(name: str, /, **args: Any) -> None:
    dry, as_json = args.pop("dry_run"), args.pop("as_json")
    if args.get("prune") and (args["uids"] or args["without"]):
        fix = "choose them with `boards` in cilium-dashboards.toml"
        raise click.UsageError(f"--prune with UIDs or --without would remove all other boards of ours: {fix}")
    plan = plan_deployment(name, args)
    if plan.configuration.recorded and (name == "grafana" or not args.get("rules")):
        click.echo(UNRECORDED, err=True)
    _execute(plan.deployment, dry, as_json)
    if not dry and not as_json:
        uids = [board.uid for board in plan.boards]
        click.echo(_first_page(name, args.get("url"), uids), err=True)


def _first_page(target: str, grafana: str | None, uids: "Sequence[str]") -> str:
    """Where to begin: the overview, or the first board, with Grafana's address, without credentials, if it is known."""
    from dashboards_py.targets import TargetWithPages, load

    uid = FIRST_BOARD_UID if FIRST_BOARD_UID in uids else uids[0]
    module = load(target)
    if isinstance(module, TargetWithPages):
        return f"open {module.page(uid)}"
    page = f"/d/{uid}"
    if not grafana:
        return f"open {page} in Grafana"
    from dashboards_py.web.address import parse_address

    address = parse_address(grafana, "GRAFANA_URL", "https://grafana.example.org")
    organization = "".join(f"?orgId={value}" for name, value in address.query if name == "orgId")
    return f"open {address.shown}{page}{organization}"


def _execute(deployment: "Deployment", dry: bool, as_json: bool) -> None:
    """Execute the plan, unless dry; print what was done, then raise what failed."""
    from dashboards_py.errors import DashboardsError, ProblemsFound
    from dashboards_py.targets import REFUSES, WRITES

    changes = {change.name: change for change in deployment.changes}
    written: list[str] = []
    failed: DashboardsError | None = None
    try:
        for change in () if dry else _progress(deployment, as_json):
            changes[change.name] = change
            if change.action in WRITES:
                written.append(change.name)
                if not as_json:
                    click.echo(f"{change.action:>9}  {change.name}")
    except DashboardsError as error:
        resolve_remedy(error)
        failed = error
    refused = [change for change in changes.values() if change.action in REFUSES]
    if refused and not failed:
        failed = ProblemsFound(f"{len(refused)} not deployed:\n" + "\n".join(_reasons(refused)))
    if as_json:
        _print_json(deployment.destination, tuple(changes.values()), written, dry, failed)
    else:
        _print(deployment.destination, tuple(changes.values()), written, dry)
    if failed:
        raise failed


def _reasons(refused: "Sequence[Change]") -> "Iterable[str]":
    """Why each was not deployed; a reason that several have, such as a quota, is printed once, with all their names."""
    by_reason: dict[str, list[Change]] = {}
    for change in refused:
        by_reason.setdefault(change.why.replace(change.name, ""), []).append(change)
    for first, *others in by_reason.values():
        yield f"  {first.why}"
        if others:
            yield f"    the same for {len(others)} more: {', '.join(change.name for change in others)}"


def _progress(deployment: "Deployment", as_json: bool) -> "Iterable[Change]":
    """The changes as they are made, with a progress bar on a terminal."""
    from dashboards_py.targets import WRITES

    planned = sum(change.action in WRITES for change in deployment.changes)
    if as_json or not planned or not (sys.stdout.isatty() and sys.stderr.isatty()):
        return deployment.apply()
    from rich.console import Console
    from rich.progress import track

    from dashboards_py.cli._screen import terminal

    return track(deployment.apply(), "Deploying", total=planned, console=Console(file=terminal()), transient=True)


def _print(destination: str, changes: "tuple[Change, ...]", written: list[str], dry: bool) -> None:
    from dashboards_py.targets import REFUSES, WRITES, summary

    for change in changes:
        if change.action in REFUSES or (dry and change.action in WRITES):
            click.echo(f"{change.action:>9}  {change.name}")
        elif change.why:
            click.echo(f"{change.action:>9}  {change.name}  ({change.why})")
    facts = ", ".join(f"{count} {action}" for action, count in summary(changes).items())
    done = "nothing written (dry run)" if dry else f"{len(written)} written"
    click.echo(f"{destination}: {facts}; {done}")


def _print_json(
    destination: str, changes: "tuple[Change, ...]", written: list[str], dry: bool, failed: Exception | None
) -> None:
    import json

    document = {
        "destination": destination,
        "place": destination,
        "dry_run": dry,
        "written": written,
        "changes": [{"name": change.name, "action": str(change.action), "why": change.why} for change in changes],
        "error": str(failed) if failed else None,
    }
    click.echo("the key `place` is now `destination`; `place` will be removed in the next version", err=True)
    click.echo(json.dumps(document, indent=2))
