"""Commands that have a subcommand for each target, and the plan of a deployment to it."""

import os
import re
from collections.abc import Callable
from functools import partial
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click
from click.core import ParameterSource

from dashboards_py.cli._configuration import config_option, load_configuration, recorded_option, without_option
from dashboards_py.cli._git import checkout_commit
from dashboards_py.cli._group import CommandGroup
from dashboards_py.cli._modes import command_line_parameters
from dashboards_py.cli._names import CONTEXT, NAMESPACE
from dashboards_py.cli._options import peer_label_option, release_option
from dashboards_py.cli._our_boards import our_boards, our_rules
from dashboards_py.cli._progress import waiting
from dashboards_py.cli._upstream import boards_option
from dashboards_py.release import Release

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dashboards_py.compiled import Compiled
    from dashboards_py.configuration import Configuration
    from dashboards_py.targets import Deployment, Option

# Options of targets whose values are checked here, by name.
TYPES = {"namespace": NAMESPACE, "context": CONTEXT}
WRITING = ("overwrite", "prune")  # options of targets that only a command has that writes


class Targets(CommandGroup):
    """A group with a command for each target; without one it chooses grafana or files, and prints why.

    `run` is called with the name of the target and the options; `options` are those of the command itself.
    """

    run: Callable[..., None]
    options: "Sequence[click.Option]" = ()
    writes = False

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
        open_options = [option for option in module.OPTIONS if not option.secret]
        flags = [option for option in open_options if self.writes or option.name not in WRITING]
        params: list[click.Parameter] = [_flag(option) for option in flags]
        shared = [
            click.Option(["--with-upstream"], is_flag=True, help="Upstream's boards as well, in their own folder."),
            *self.options,
            click.Option(["--json", "as_json"], is_flag=True, help="Print JSON."),
        ]
        secrets = [f"{option.env}: {option.help}" for option in module.OPTIONS if option.secret]
        epilog = "From the environment only: " + " ".join(secrets) if secrets else None
        command = recorded_option(without_option(config_option(peer_label_option(partial(self.run, name)))))
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


class Plan(NamedTuple):
    """A deployment that was planned, its options, and our boards in it."""

    deployment: "Deployment"
    boards: "Sequence[Compiled]"
    configuration: "Configuration"
    options: "Mapping[str, Any]"


def plan_deployment(name: str, args: dict[str, Any]) -> Plan:
    """Compare a target with the boards that the options choose; nothing is written. Takes the options out of `args`."""
    from dashboards_py.catalog.upstream import published
    from dashboards_py.dashboards import uids
    from dashboards_py.provisioning import provisioning_files, rule_files
    from dashboards_py.targets import Payload, TargetWithWarnings, load

    release: Release = args.pop("release")
    del args["peer_label"], args["recorded"]  # load_configuration reads them
    configuration = load_configuration(args.pop("config"), args.pop("uids"), args.pop("without"))
    directories, with_upstream = args.pop("directories"), args.pop("with_upstream")
    if not with_upstream and "directories" in command_line_parameters():
        raise click.UsageError("--boards has no effect without --with-upstream")
    module = load(name)
    secrets = {option.key: os.environ.get(option.env) for option in module.OPTIONS if option.secret}
    options = {**dict.fromkeys(WRITING, False), **args, **secrets}
    for warning in module.warnings(options) if isinstance(module, TargetWithWarnings) else ():
        click.echo(f"Warning: {warning}", err=True)
    compiled = our_boards(release, configuration)
    boards = (*compiled, *(_upstream(directories) if with_upstream else ()))
    left_out = frozenset(uids()) - {board.uid for board in compiled}
    kept = frozenset(board.uid for board in published())
    with waiting("Comparing with what is deployed"):
        rules = rule_files(release, configuration, our_rules(release, configuration)) if args.get("rules") else {}
        payload = Payload(provisioning_files(release, boards), checkout_commit(), left_out, kept, rules)
        return Plan(module.prepare(payload, options), compiled, configuration, options)


def _upstream(directories: "Sequence[Path]") -> "tuple[Compiled, ...]":
    """The available boards of upstream, as boards to deploy; prints which are not available."""
    from dashboards_py.catalog.upstream import published
    from dashboards_py.errors import DashboardsError
    from dashboards_py.upstream.available import originals
    from dashboards_py.upstream.standalone import standalone

    available = originals(directories)
    missing = " ".join(str(board.id) for board in published() if board.id not in available)
    if not available:
        raise DashboardsError(
            "upstream's boards", cause="none is available", fix="cilium-dashboards upstream fetch, or --boards DIR"
        )
    if missing:
        click.echo(f"not available, so not deployed: {missing} (cilium-dashboards upstream fetch {missing})", err=True)
    return tuple(map(standalone, available.values()))
