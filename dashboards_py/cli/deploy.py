"""`deploy`: the boards to where they are looked at."""

import os
import subprocess
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dashboards_py.catalog.release import Release
from dashboards_py.cli._options import release_option

if TYPE_CHECKING:
    from dashboards_py.targets.plan import Change, Option


class Targets(click.Group):
    """A group with a command for each target; without one it chooses grafana or files and says why."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the default target before the options where none is named."""
        if not args or (args[0].startswith("-") and args[0] not in ("-h", "--help")):
            name, is_ = ("grafana", "is") if os.environ.get("GRAFANA_URL") else ("files", "is not")
            click.echo(f"target {name}, because GRAFANA_URL {is_} set", err=True)
            args = [name, *args]
        return super().parse_args(ctx, args)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The targets' names."""
        from dashboards_py.targets import names

        return list(names())

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of a target, with a flag for each of its options."""
        if cmd_name not in self.list_commands(ctx):
            return None
        from dashboards_py.targets import load

        module = load(cmd_name)
        params: list[click.Parameter] = [_flag(option) for option in module.OPTIONS if not option.secret]
        shared = [
            click.Option(["--dry-run"], is_flag=True, help="Print the plan and write nothing."),
            click.Option(["--json", "as_json"], is_flag=True, help="Print JSON."),
        ]
        secrets = [f"{option.env}: {option.help}" for option in module.OPTIONS if option.secret]
        epilog = "From the environment only: " + " ".join(secrets) if secrets else None
        command = release_option("Cilium release of the boards")(partial(_deploy, cmd_name))
        params += [*shared, *command.__click_params__]
        return click.Command(
            cmd_name, params=params, callback=command, help=module.SUMMARY, short_help=module.SUMMARY, epilog=epilog
        )


def _flag(option: "Option") -> click.Option:
    if option.flag:
        return click.Option([f"--{option.name}", option.key], is_flag=True, help=option.help)
    shown = bool(option.default)
    return click.Option(
        [f"--{option.name}", option.key],
        envvar=option.env or None,
        show_envvar=bool(option.env),
        default=option.default,
        show_default=shown,
        multiple=option.several,
        help=option.help,
    )


@click.group(cls=Targets)
def command() -> None:
    """Deploy the boards. Without a target: grafana where GRAFANA_URL is set, else files.

    Only what is ours is changed. A board that somebody edited since our last deploy is left alone and reported (exit 1)
    until --overwrite. A second run writes nothing; an interrupted one can be run again.
    """


def _deploy(name: str, /, **given: Any) -> None:
    from dashboards_py.errors import ProblemsFound
    from dashboards_py.provisioning import tree
    from dashboards_py.targets import load
    from dashboards_py.targets.plan import REFUSES, Payload

    release: Release = given.pop("release")
    dry, as_json = given.pop("dry_run"), given.pop("as_json")
    module = load(name)
    options = {**given, **{option.key: os.environ.get(option.env) for option in module.OPTIONS if option.secret}}
    deployment = module.prepare(Payload(tree(release), _commit()), options)
    written = [] if dry else _apply(deployment, as_json)
    _report(deployment, written, dry, as_json)
    if refused := [change for change in deployment.changes if change.action in REFUSES]:
        reasons = "\n".join(f"  {change.why}" for change in refused)
        raise ProblemsFound(f"{len(refused)} not deployed:\n{reasons}")


def _apply(deployment: Any, as_json: bool) -> "list[Change]":
    """Carry out the plan; on a terminal each change is shown as it is done."""
    done = []
    for change in deployment.apply():
        done.append(change)
        if not as_json:
            click.echo(f"{change.action:>9}  {change.name}")
    return done


def _report(deployment: Any, written: "list[Change]", dry: bool, as_json: bool) -> None:
    from dashboards_py.targets.plan import WRITES, summary

    counts = summary(deployment.changes)
    if as_json:
        import json

        changes = [
            {"name": change.name, "action": str(change.action), "why": change.why} for change in deployment.changes
        ]
        click.echo(
            json.dumps(
                {"place": deployment.place, "dry_run": dry, "written": len(written), "changes": changes}, indent=2
            )
        )
        return
    shown = [change for change in deployment.changes if dry or change.action not in WRITES]
    for change in shown:
        if dry or change.why:
            click.echo(f"{change.action:>9}  {change.name}" + (f"  ({change.why})" if change.why else ""))
    facts = ", ".join(f"{count} {action}" for action, count in counts.items())
    click.echo(f"{deployment.place}: {facts}" + ("; nothing written (dry run)" if dry else f"; {len(written)} written"))


def _commit() -> str:
    """The git commit of the working directory, or "" outside of one."""
    try:
        found = subprocess.run(
            ["git", "rev-parse", "--short=12", "HEAD"], capture_output=True, text=True, timeout=5, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return found.stdout.strip() if found.returncode == 0 and Path("dashboards_py").is_dir() else ""
