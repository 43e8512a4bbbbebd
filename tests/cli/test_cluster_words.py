"""Remedies of `cluster` are data; the command line turns each into an option that works."""

import json
import string
from collections.abc import Iterator

import click
import pytest

from dashboards_py.cli._cluster_output import print_checks_json, remedies_worded
from dashboards_py.cli._remedies import REMEDIES, words
from dashboards_py.cli.cluster import command
from dashboards_py.cluster import Check, remedies
from dashboards_py.errors import DashboardsError, ProblemsFound, Remedy

KINDS = sorted(value for name, value in vars(remedies).items() if name.isupper())


def _options() -> Iterator[str]:
    assert isinstance(command, click.Group)
    for verb in command.commands.values():
        for parameter in verb.params:
            yield from parameter.opts


@pytest.mark.parametrize("kind", KINDS)
def test_every_remedy_has_a_wording(kind: str) -> None:
    """With options that there are, and nothing else is worded."""
    assert set(REMEDIES) == set(KINDS)
    fields = [name for _, name, _, _ in string.Formatter().parse(REMEDIES[kind]) if name]
    text = words(Remedy(kind, {name: f"<{name}>" for name in fields if name != "command"}), "down")
    assert "{" not in text
    assert {word.strip(":;,") for word in text.split() if word.startswith("--")} <= set(_options())


@pytest.mark.fault("down advises up --take-over")
@pytest.mark.parametrize("verb", ["up", "down"])
def test_the_command_that_refused_is_the_one_that_is_named(verb: str) -> None:
    """Whatever `down` refuses, an option of `down` allows."""
    with pytest.raises(ProblemsFound) as refused, remedies_worded(verb):
        raise ProblemsFound("x", cause="y", remedy=Remedy("take-over"))
    assert refused.value.fix.endswith(f": setup.sh {verb} --take-over")


def test_an_error_without_a_remedy_is_left() -> None:
    """The error's own next step is kept."""
    with pytest.raises(DashboardsError) as refused, remedies_worded("up"):
        raise DashboardsError("x", cause="y", fix="do this")
    assert refused.value.fix == "do this"


def test_the_former_key_of_a_check(capsys: pytest.CaptureFixture[str]) -> None:
    """JSON has what was observed under its former key too, and stderr says which key is the new one."""
    print_checks_json([Check("CRDs", True, "10 kinds")])
    stdout, stderr = capsys.readouterr()
    assert json.loads(stdout) == [
        {"name": "CRDs", "ok": True, "observed": "10 kinds", "said": "10 kinds", "fix": ""},
    ]
    assert stderr == "the key `said` is now `observed`; `said` will be removed in the next version\n"
