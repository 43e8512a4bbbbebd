"""`deploy`: sends the boards to Grafana, by one of several targets."""

import os
import re
import sys
from functools import partial
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from dashboards_py.cli._configuration import config_option, load_configuration, recorded_option, without_option
from dashboards_py.cli._first_page import FIRST_BOARD_UID
from dashboards_py.cli._git import checkout_commit
from dashboards_py.cli._group import CommandGroup
from dashboards_py.cli._modes import command_line_parameters
from dashboards_py.cli._names import CONTEXT, NAMESPACE
from dashboards_py.cli._options import peer_label_option, release_option
from dashboards_py.cli._our_boards import our_boards
from dashboards_py.cli._progress import waiting
from dashboards_py.cli._remedies import resolve_remedy
from dashboards_py.cli._upstream import boards_option
from dashboards_py.release import Release

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from dashboards_py.compiled import Compiled
    from dashboards_py.targets import Change, Deployment, Option


UNRECORDED = (
    "Warning: these boards read recorded series, and are empty where Prometheus does not record them: load the rules "
    "as well (deploy configmaps --rules, deploy files --rules, or a file of rules/ that `compile --recorded` writes)"
)

# Options of targets whose values are checked here, by name.
TYPES = {"namespace": NAMESPACE, "context": CONTEXT}


class Targets(CommandGroup):
    """A group with a command for each target; without one it chooses grafana or files, and prints why."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the default target before the options if none is named."""
        from dashboards_py.dashboards import uids

        global_flags = list(takewhile("--debug".__eq__, args))
        rest = args[len(global_flags) :]
        if not rest or (rest[0].startswith("-") and rest[0] not in ("-h", "--help")) or rest[0] in uids():
            name, is_ = ("grafana", "is") if os.environ.get("GRAFANA_URL") else ("files", "is not")
            click.echo(f"target {name}, because GRAFANA_URL {is_} set", err=True)
            args = [*global_flags, name, *rest]
        return super().parse_args(ctx, args)

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # as click calls it
        """The targets' names."""
        from dashboards_py.targets import names

        return list(names())

    def load(self, ctx: click.Context, name: str) -> click.Command | None:
        """The command of a target, with a flag for each of its options."""
        if name not in self.list_commands(ctx):
            return None
        from dashboards_py.targets import load

        module = load(name)
        params: list[click.Parameter] = [_flag(option) for option in module.OPTIONS if not option.secret]
        shared = [
            click.Option(
                ["--with-upstream"], is_flag=True, help="Deploy upstream's boards as well, in their own folder."
            ),
            click.Option(["--dry-run"], is_flag=True, help="Print the plan and write nothing."),
            click.Option(["--json", "as_json"], is_flag=True, help="Print JSON."),
        ]
        secrets = [f"{option.env}: {option.help}" for option in module.OPTIONS if option.secret]
        epilog = "From the environment only: " + " ".join(secrets) if secrets else None
        command = recorded_option(without_option(config_option(peer_label_option(partial(_deploy, name)))))
        command = boards_option(release_option("Cilium release of the boards")(command))
        params.append(click.Argument(["uids"], metavar="[UID]...", nargs=-1))
        params += [*shared, *command.__click_params__]
        return click.Command(
            name, params=params, callback=command, help=module.SUMMARY, short_help=module.SUMMARY, epilog=epilog
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
        type=TYPES.get(option.name),
        multiple=option.several,
        help=option.help,
        callback=_no_secret,
    )


def _no_secret(ctx: click.Context, param: click.Parameter, value: Any) -> Any:
    """Refuse an address with a password on the command line, where other users of the machine can read it."""
    is_visible = ctx.get_parameter_source(str(param.name)) is ParameterSource.COMMANDLINE
    if is_visible and isinstance(value, str) and re.match(r"[a-z]+://[^/]*@", value, re.IGNORECASE):
        raise click.UsageError(
            f"{param.opts[0]} contains credentials: set them in the environment ({param.envvar})", ctx
        )
    return value


@click.group(cls=Targets)
def command() -> None:
    """Deploy the boards: as files, as ConfigMaps, through an API.

    Without a target: grafana if GRAFANA_URL is set, else files. With UIDs only these boards, without links to others.
    A board that was deployed and is left out now stays there: its line says how to remove it.

    Only what is ours is changed. A board that someone edited since our last deploy is left alone and reported (exit 1)
    unless --overwrite is set. A second run writes nothing; an interrupted one can be run again.
    """


def _deploy(name: str, /, **args: Any) -> None:
    from dashboards_py.dashboards import uids
    from dashboards_py.provisioning import provisioning_files, rule_files
    from dashboards_py.targets import Payload, TargetWithWarnings, load

    release: Release = args.pop("release")
    del args["peer_label"], args["recorded"]  # load_configuration reads them
    configuration = load_configuration(args.pop("config"), args.pop("uids"), args.pop("without"))
    directories, with_upstream = args.pop("directories"), args.pop("with_upstream")
    if not with_upstream and "directories" in command_line_parameters():
        raise click.UsageError("--boards has no effect without --with-upstream")
    dry, as_json = args.pop("dry_run"), args.pop("as_json")
    module = load(name)
    options = {**args, **{option.key: os.environ.get(option.env) for option in module.OPTIONS if option.secret}}
    for warning in module.warnings(options) if isinstance(module, TargetWithWarnings) else ():
        click.echo(f"Warning: {warning}", err=True)
    compiled = our_boards(release, configuration)
    boards = (*compiled, *(_upstream(directories) if with_upstream else ()))
    left_out = frozenset(uids()) - {board.uid for board in compiled}
    with waiting("Comparing with what is deployed"):
        rules = rule_files(release, configuration) if args.get("rules") else {}
        payload = Payload(provisioning_files(release, boards), checkout_commit(), left_out, rules)
        deployment = module.prepare(payload, options)
    if configuration.recorded and (name == "grafana" or not args.get("rules")):
        click.echo(UNRECORDED, err=True)
    _execute(deployment, dry, as_json)
    if not dry and not as_json:
        click.echo(_first_page(args.get("url"), [board.uid for board in compiled]), err=True)


def _first_page(grafana: str | None, uids: "Sequence[str]") -> str:
    """Where to begin: the overview, or the first board, with Grafana's address, without credentials, if it is known."""
    page = f"/d/{FIRST_BOARD_UID if FIRST_BOARD_UID in uids else uids[0]}"
    if not grafana:
        return f"open {page} in Grafana"
    from dashboards_py.web.address import parse_address

    address = parse_address(grafana, "GRAFANA_URL", "https://grafana.example.org")
    organization = "".join(f"?orgId={value}" for name, value in address.query if name == "orgId")
    return f"open {address.shown}{page}{organization}"


def _upstream(directories: "Sequence[Path]") -> "tuple[Compiled, ...]":
    """The available boards of upstream, as boards to deploy; prints which are not available."""
    from dashboards_py.catalog.upstream import published
    from dashboards_py.errors import DashboardsError
    from dashboards_py.upstream import originals, standalone

    available = originals(directories)
    missing = " ".join(str(board.id) for board in published() if board.id not in available)
    if not available:
        raise DashboardsError(
            "upstream's boards", cause="none is available", fix="cilium-dashboards upstream fetch, or --boards DIR"
        )
    if missing:
        click.echo(f"not available, so not deployed: {missing} (cilium-dashboards upstream fetch {missing})", err=True)
    return tuple(map(standalone, available.values()))


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
    refused = [change.why for change in changes.values() if change.action in REFUSES]
    if refused and not failed:
        failed = ProblemsFound(f"{len(refused)} not deployed:\n" + "\n".join(f"  {why}" for why in refused))
    if as_json:
        _print_json(deployment.destination, tuple(changes.values()), written, dry, failed)
    else:
        _print(deployment.destination, tuple(changes.values()), written, dry)
    if failed:
        raise failed


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
