"""Remedies are data; the command line turns each into commands and options that work."""

import json
import re
import shlex
import string
from collections.abc import Iterator
from functools import partial

import click
import pytest
from click.testing import CliRunner

import dashboards_py.cluster
from dashboards_py import remedies
from dashboards_py.catalog import NEWEST
from dashboards_py.cli import cli
from dashboards_py.cli._cluster_output import print_check, print_checks_json, resolving_remedies
from dashboards_py.cli._remedies import REMEDIES, fix_text, remedy_text
from dashboards_py.cli._run import run
from dashboards_py.cli.cluster import command
from dashboards_py.cluster import Check, Options, Versions, connect
from dashboards_py.cluster.checks.fixes import manual_fixes, setup_fixes, up_remedy
from dashboards_py.cluster.options import cilium_version
from dashboards_py.errors import DashboardsError, Fix, ProblemsFound, Remedy
from dashboards_py.kubernetes.helm import HelmRelease
from tests.cluster.plans import up, with_cilium

KINDS = sorted(value for name, value in vars(remedies).items() if name.isupper())


OPTIONS = Options(Versions.read("88.5.3", "31.0.1", "1.20.0"))
HELM = HelmRelease("cilium", "kube-system", "cilium", "1.20.0", 1, "deployed")


def _options() -> Iterator[str]:
    assert isinstance(command, click.Group)
    for verb in command.commands.values():
        for parameter in verb.params:
            yield from parameter.opts


def commands_in(text: str) -> list[str]:
    """Our commands in a text, with their arguments."""
    return re.findall(r"(?:setup\.sh|cilium-dashboards) [^`;,>]+", text)


def refused_options(line: str) -> str:
    """click's error for a command line with unknown options; "" if all are known."""
    program, *args = shlex.split(line)
    context = click.Context(cli)
    subcommand: click.Command = command if program == "setup.sh" else cli
    while isinstance(subcommand, click.Group) and args:
        child = subcommand.get_command(context, args.pop(0))
        assert child, line
        subcommand, context = child, click.Context(child, parent=context)
    try:
        subcommand.make_parser(context).parse_args(args)
    except click.UsageError as error:
        return error.format_message()
    return ""


@pytest.mark.parametrize("kind", KINDS)
def test_every_remedy_has_a_wording(kind: str) -> None:
    """The wording uses existing commands and options, and there is none for anything else."""
    assert set(REMEDIES) == set(KINDS)
    fields = [name for _, name, _, _ in string.Formatter().parse(REMEDIES[kind]) if name]
    about = {name: name for name in fields if name not in ("command", "setup")}
    text = remedy_text(Remedy(kind, about), "down")
    assert "{" not in text
    commands = commands_in(text)
    assert {line: problem for line in commands if (problem := refused_options(line))} == {}
    alone = re.sub("|".join([r"\(helm [^)]*\)", *map(re.escape, commands)]), "", text)
    options = {word.strip(":;,()") for word in alone.split() if word.lstrip("(").startswith("--")}
    assert options <= {*_options(), "--cilium", "--out"}


@pytest.mark.fault("down advises up --take-over")
@pytest.mark.parametrize("verb", ["up", "down"])
def test_the_remedy_names_the_command_that_refused(verb: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """If `down` refuses to overwrite an edit, the error names an option of `down`."""
    cluster = with_cilium()
    up(cluster)
    cluster.api.delete("Service", "kube-system", "hubble-metrics")  # so that `up` has something to do
    cluster.api.patch("ConfigMap", "kube-system", "cilium-config", {"data": {"debug": "true"}}, "kubectl-edit")
    monkeypatch.setattr(dashboards_py.cluster, "connect", partial(connect, runner=cluster))
    with pytest.raises(ProblemsFound) as refused:
        CliRunner().invoke(cli, ["cluster", verb], catch_exceptions=False)
    assert refused.value.fix.endswith(f": setup.sh {verb} --take-over")


@pytest.mark.parametrize(
    ("options", "text"),
    [
        (OPTIONS, "setup.sh up"),
        (Options(OPTIONS.versions, stack=False, release="kps"), "setup.sh up --no-stack"),
        (
            Options(OPTIONS.versions, namespace="monitoring", release="kps", prometheus="a/b", embedded_envoy=True),
            "setup.sh up --namespace monitoring --release kps --prometheus a/b --embedded-envoy",
        ),
    ],
)
def test_up_with_the_options_that_were_verified(options: Options, text: str) -> None:
    """Options with their defaults are left out; with each option that a fix adds, the command is valid."""
    assert remedy_text(up_remedy(options), "down") == text
    for more in ("restart", "take_over"):
        line = remedy_text(up_remedy(options, more), "up")
        assert line.startswith(f"{text} --{more.replace('_', '-')}")
        assert refused_options(line) == ""


@pytest.mark.fault("verify advises `deploy configmaps --take-over`, an option that deploy does not have")
@pytest.mark.parametrize("by_setup", [True, False])
@pytest.mark.parametrize("has_service_monitors", [True, False])
def test_each_fix_is_a_command_that_works(by_setup: bool, has_service_monitors: bool) -> None:
    """Commands that restore objects, values and boards, or overwrite edits, have only known options."""
    manual = manual_fixes(OPTIONS, NEWEST, HELM, has_service_monitors=has_service_monitors)
    fixes = setup_fixes(OPTIONS) if by_setup else manual
    listed: list[Fix] = [fixes.objects, fixes.values, fixes.boards, fixes.take_over_objects, fixes.take_over_boards]
    lines = [line for fix in listed for line in commands_in(fix_text(fix, "up"))]
    assert len(lines) >= 3
    assert [problem for line in lines if (problem := refused_options(line))] == []
    assert fix_text(fixes.take_over_boards, "up").endswith("--take-over" if by_setup else "--overwrite")


def test_a_check_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    """A fix may have commands in the middle; a hint follows the observation, in JSON too."""
    fix = ("keep a copy of what was edited, then ", setup_fixes(OPTIONS).take_over_boards)
    check = Check("ConfigMaps", False, "1 conflict", fix, Remedy("lint-board"))
    hint = "`cilium-dashboards lint FILE` lists queries of other boards that are then empty"
    text = "keep a copy of what was edited, then setup.sh up --take-over"
    print_check(check)
    assert capsys.readouterr().out == f"FAIL ConfigMaps: 1 conflict; {hint}\n       {text}\n"
    print_checks_json([check])
    (row,) = json.loads(capsys.readouterr().out)
    assert (row["observed"], row["fix"]) == (f"1 conflict; {hint}", text)


def test_a_remedy_of_any_command_is_worded(capsys: pytest.CaptureFixture[str]) -> None:
    """An error that ends a run is printed with its remedy as the fix."""

    @click.group()
    def group() -> None:
        """Commands."""

    @group.command()
    def refuse() -> None:
        raise ProblemsFound("x", cause="y", remedy=Remedy("write-elsewhere"))

    assert run(group, ["refuse"]) == ProblemsFound.exit_code
    fix = "move them away, or choose another directory (--out)"
    assert capsys.readouterr().err == f"Error: x: y\n  {fix}\n"


@pytest.mark.fault("cluster up --install-cilium of an unknown release advises --cilium, which it does not have")
def test_a_release_that_cannot_be_installed(capsys: pytest.CaptureFixture[str]) -> None:
    """The advice names no option of other commands; --cilium is named only if the command has it."""
    with pytest.raises(DashboardsError) as refused:
        cilium_version("9.9", OPTIONS.versions)
    assert (refused.value.fix, refused.value.remedy) == ("give one of these, or a full version of one", None)
    assert run(cli, ["compile", "--cilium", "9.9"]) == DashboardsError.exit_code
    assert f"use --cilium {NEWEST}" in capsys.readouterr().err


def test_an_error_without_a_remedy_is_unchanged() -> None:
    """The error's own next step is kept."""
    with pytest.raises(DashboardsError) as refused, resolving_remedies("up"):
        raise DashboardsError("x", cause="y", fix="do this")
    assert refused.value.fix == "do this"


def test_the_deprecated_key_of_a_check(capsys: pytest.CaptureFixture[str]) -> None:
    """The JSON also has the deprecated key, and stderr names the new one."""
    print_checks_json([Check("CRDs", True, "10 kinds")])
    stdout, stderr = capsys.readouterr()
    assert json.loads(stdout) == [
        {"name": "CRDs", "ok": True, "observed": "10 kinds", "said": "10 kinds", "fix": "", "cause": ""},
    ]
    assert stderr == "the key `said` is now `observed`; `said` will be removed in the next version\n"
