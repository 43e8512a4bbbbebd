"""Only the command line knows the names of its commands and options: other layers suggest them as remedies."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import click
import pytest

from dashboards_py import targets
from dashboards_py.cli import cli

PACKAGE = Path(__file__).parents[1] / "dashboards_py"
MODULES = [
    name
    for path in sorted(PACKAGE.rglob("*.py"))
    if not (name := path.relative_to(PACKAGE).as_posix()).startswith("cli/")
]
# Options of ours that kubectl or helm has as well: they are started with these, and messages quote their commands.
SHARED = {
    *("--all", "--context", "--kubeconfig", "--namespace", "--set", "--set-json", "--set-string", "--timeout"),
    *("--values", "--version"),
}
# Texts below the command line that may name one: the file, the text, and why.
EXCEPTIONS = (
    ("cluster/record_store.py", "what setup.sh up created and", "part of the record in users' clusters since 0.1"),
    ("cluster/leftovers.py", "setup.sh up", "the annotation by which namespaces in users' clusters are known as ours"),
    ("cluster/leftovers.py", "the record of setup.sh", "the name of the record"),
    ("cluster/record_store.py", "a record of setup.sh", "the name of the record"),
    ("cluster/steps/helm_operation.py", "the record of setup.sh", "the name of the record"),
    ("cluster/steps/settle_record.py", "the record of setup.sh", "the name of the record"),
    ("cluster/leftovers.py", "--selector=", "an option of kubectl"),
    ("kubernetes/helm.py", "--debug", "an option of Helm"),
    ("targets/configmaps.py", "--selector", "an option of kubectl"),
    ("style/variables.py", "cilium-dashboards values --board", "what boards say in Grafana where nothing is scraped"),
    ("values/files.py", "Printed by `cilium-dashboards values", "generated files say in a comment what writes them"),
)


def options_of(command: click.Command) -> Iterator[str]:
    """The long options of a command and of all below it."""
    yield from (option for parameter in command.params for option in parameter.opts if option.startswith("--"))
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            assert below
            yield from options_of(below)


@cache
def options() -> frozenset[str]:
    """Every option of the command line that is its own."""
    return frozenset(options_of(cli)) - SHARED


@cache
def declared() -> frozenset[str]:
    """The options that targets declare, of which the command line makes its own."""
    return frozenset(f"--{option.name}" for name in targets.names() for option in targets.load(name).OPTIONS)


def texts(source: str) -> Iterator[str]:
    """The string literals of a module, but for docstrings; an f-string counts as one, with a blank for each value."""
    seen: set[ast.AST] = set()
    for node in ast.walk(ast.parse(source)):  # breadth first: what holds a literal comes before it
        match node:
            case ast.Expr(value=ast.Constant()):
                seen.add(node.value)
            case ast.JoinedStr(values=parts):
                seen.update(parts)
                yield "".join(str(part.value) if isinstance(part, ast.Constant) else " " for part in parts)
            case ast.Constant(value=str(text)) if node not in seen:
                yield text


def command_words(text: str, allowed: frozenset[str] = frozenset()) -> list[str]:
    """The names in a text that only the command line should use."""
    commands = "|".join(cli.list_commands(click.Context(cli)))
    named = re.findall(rf"setup\.sh|cilium-dashboards (?:{commands})\b", text)
    return [*named, *sorted({*re.findall(r"(?<![\w-])--[a-z][a-z-]+", text)} & options() - allowed)]


@pytest.mark.fault("cluster and kubernetes hold words of the command line, as `--charts` in an error of Helm")
@pytest.mark.parametrize("module", MODULES)
def test_a_layer_below_the_command_line(module: str) -> None:
    """No text names a command or an option of it, but for options that a target declares, and the exceptions."""
    allowed = declared() if module.startswith("targets/") else frozenset()
    excused = [text for file, text, _ in EXCEPTIONS if file == module]
    reported = {
        text: words
        for text in texts((PACKAGE / module).read_text(encoding="utf-8"))
        if (words := command_words(text, allowed)) and not any(excuse in text for excuse in excused)
    }
    assert reported == {}, "name it by a Remedy, which dashboards_py/cli/_remedies.py words"


@pytest.mark.parametrize(("module", "text"), [row[:2] for row in EXCEPTIONS])
def test_an_exception_is_still_needed(module: str, text: str) -> None:
    """It excuses a text that there is, and that would be reported."""
    named = [literal for literal in texts((PACKAGE / module).read_text(encoding="utf-8")) if text in literal]
    assert any(map(command_words, named))


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ('fix = "name its directory with --charts"', ["--charts"]),
        ('force = "--take-over" if up else ""', ["--take-over"]),
        ('way = f"{up} --take-over"', ["--take-over"]),
        ('way = f"cilium-dashboards deploy configmaps -n {namespace}"', ["cilium-dashboards deploy"]),
        ('up.startswith("setup.sh")', ["setup.sh"]),
        ('"""Prints what `setup.sh up --charts` takes."""', []),
        ('run("get", "--output=json", "--namespace", name)', []),
        ('NAME = "cilium-dashboards-setup"', []),
        ('label = "cilium-dashboards"', []),
    ],
)
def test_what_is_reported(source: str, words: list[str]) -> None:
    """Commands and options in any text, f-strings included; not what is kubectl's or Helm's, names and docstrings."""
    assert [word for text in texts(source) for word in command_words(text)] == words
