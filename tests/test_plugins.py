"""Commands, dashboards, rules and targets: found by one loader, and checked against the Protocol of its kind."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from mypy import api

from dashboards_py.cli import COMMANDS
from dashboards_py.dashboards import BOARDS
from dashboards_py.documents.board_formats import FORMATS as BOARD_FORMATS
from dashboards_py.documents.value_formats import FORMATS as VALUE_FORMATS
from dashboards_py.errors import DashboardsError
from dashboards_py.lint._rule import RULES
from dashboards_py.panel_data.transformations import TRANSFORMATIONS
from dashboards_py.plugins import Plugins
from dashboards_py.targets import TARGETS

ROOT = Path(__file__).parents[1]
KINDS: dict[str, Plugins[Any]] = {
    "command": COMMANDS,
    "board": BOARDS,
    "rule": RULES,
    "target": TARGETS,
    "transformation": TRANSFORMATIONS,
    "value_format": VALUE_FORMATS,
    "board_format": BOARD_FORMATS,
}
RULE = """
from collections.abc import Iterator
from dashboards_py.board import Board, Panel
from dashboards_py.catalog import Release
"""
TARGET = """
from dashboards_py.targets import Deployment, Option, Options, Payload
SUMMARY = ""
"""
# By name: the kind, a plug-in that is wrong, and the loader's message; "" if only types are wrong.
WRONG = {
    "no_check": ("rule", "", "has no check(board, release)"),
    "too_few": (
        "rule",
        RULE + "def check(board: Board) -> Iterator[tuple[Panel, str]]: ...",
        "check is not check(board, release)",
    ),
    "too_many": (
        "rule",
        RULE + "def check(board: Board, release: Release, more: int) -> Iterator[tuple[Panel, str]]: ...",
        "check is not check(board, release)",
    ),
    "without_settings": (
        "rule",
        RULE + "WITH_SETTINGS = True\ndef check(board: Board, release: Release) -> Iterator[tuple[Panel, str]]: ...",
        "check is not check(board, release, settings)",
    ),
    "swapped": ("rule", RULE + "def check(release: Release, board: Board) -> Iterator[tuple[Panel, str]]: ...", ""),
    "only_texts": ("rule", RULE + "def check(board: Board, release: Release) -> Iterator[str]: ...", ""),
    "no_options": (
        "target",
        TARGET + "def prepare(payload: Payload, options: Options) -> Deployment: ...",
        "has no OPTIONS",
    ),
    "no_payload": (
        "target",
        TARGET + "OPTIONS: tuple[Option, ...] = ()\ndef prepare(options: Options) -> Deployment: ...",
        "prepare is not prepare(payload, options)",
    ),
    "options_of_text": (
        "target",
        TARGET + 'OPTIONS = ("out",)\ndef prepare(payload: Payload, options: Options) -> Deployment: ...',
        "",
    ),
    "warnings_without_options": (
        "target",
        TARGET
        + "OPTIONS: tuple[Option, ...] = ()\ndef prepare(payload: Payload, options: Options) -> Deployment: ...\n"
        + "def warnings() -> tuple[str, ...]: ...",
        "warnings is not warnings(options)",
    ),
    "no_release": (
        "board",
        "from dashboards_py.style import Dashboard\ndef board() -> Dashboard: ...",
        "board is not board(release)",
    ),
    "just_a_dict": (
        "board",
        "from dashboards_py.catalog import Release\ndef board(release: Release) -> dict[str, str]: ...",
        "",
    ),
    "no_transform": ("transformation", "", "has no transform(frames, options)"),
    "one_frame": (
        "transformation",
        "from dashboards_py.panel_data.frame import Frame\n"
        + "def transform(frames: Frame, options: dict[str, str]) -> Frame: ...",
        "",
    ),
    "no_command": ("command", "import click\n@click.command\ndef run() -> None: ...", "has no command"),
    "a_function": ("command", "def command() -> None: ...", ""),
}


def type_errors(modules: dict[str, tuple[str, ModuleType]], directory: Path) -> dict[str, str]:
    """mypy's errors on modules as implementations of their Protocols, by name; nothing for one that conforms."""
    lines = {}
    for name, (kind, module) in modules.items():
        protocol = KINDS[kind].interface(module)
        lines[name] = (
            f"import {module.__name__}",
            f"from {protocol.__module__} import {protocol.__name__}",
            f"{name}: {protocol.__name__} = {module.__name__}",
        )
    file = directory / "plugged.py"
    file.write_text("\n".join("\n".join(block) for block in lines.values()) + "\n")
    stdout, stderr, _ = api.run(["--config-file", str(ROOT / "pyproject.toml"), "--no-error-summary", str(file)])
    assert not stderr
    messages: dict[str, str] = {}
    for line in stdout.splitlines():
        location, _, text = line.partition(": ")
        number = location.rpartition(":")[2]
        assert "plugged.py" in location, line
        name = list(lines)[(int(number) - 1) // 3]
        messages[name] = messages.get(name, "") + text + "\n"
    return messages


@pytest.fixture
def wrong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package `planted` with the wrong plug-ins and a helper."""
    package = tmp_path / "planted"
    package.mkdir()
    for name in ("__init__", "_helper"):
        (package / f"{name}.py").touch()
    for name, (_, text, _) in WRONG.items():
        (package / f"{name}.py").write_text(text.replace(": ...", ": raise NotImplementedError") + "\n")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setenv("MYPYPATH", f"{tmp_path}:{ROOT}")
    monkeypatch.chdir(ROOT)
    return package


def loader(package: Path, kind: str) -> Plugins[Any]:
    """The loader of a kind, for another package."""
    return replace(KINDS[kind], package=package.name, paths=[str(package)])


def test_each_plug_in_conforms_to_its_protocol(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """mypy accepts each module as the kind that the loader loads it as."""
    monkeypatch.chdir(ROOT)
    modules = {
        f"{kind}_{name}": (kind, plugins.load(name)) for kind, plugins in KINDS.items() for name in plugins.names()
    }
    assert type_errors(modules, tmp_path) == {}


@pytest.mark.fault("a plug-in with a wrong signature goes unnoticed until it is called")
def test_a_wrong_plug_in_is_named(wrong: Path) -> None:
    """mypy finds each of them; the loader those whose names or number of arguments are wrong, naming the module."""
    modules = {}
    for name, (kind, _, message) in WRONG.items():
        plugins = loader(wrong, kind)
        if message:
            with pytest.raises(DashboardsError, match=rf"^planted\.{name}: ") as error:
                plugins.load(name)
            assert error.value.cause == message
        else:
            plugins.load(name)
        modules[name] = (kind, sys.modules[f"planted.{name}"])
    assert set(type_errors(modules, wrong.parent)) == set(WRONG)


def test_a_helper_is_not_a_plug_in(wrong: Path) -> None:
    """A module that begins with `_` is neither listed nor loaded; an unknown name is an error that lists the rest."""
    plugins = loader(wrong, "rule")
    assert plugins.names() == tuple(sorted(WRONG))
    for name in ("_helper", "nothing", "os"):
        with pytest.raises(DashboardsError, match=rf"planted\.{name}: there is no plug-in of this name\n  known: a_f"):
            plugins.load(name)


@pytest.mark.parametrize("package", ["cli", "targets", "lint", "dashboards"])
def test_names_are_listed_without_importing(package: str) -> None:
    """Listing the plug-ins of a package imports none of them."""
    registry = {"cli": "cli", "targets": "targets", "lint": "lint._rule", "dashboards": "dashboards"}[package]
    name = {"cli": "COMMANDS", "targets": "TARGETS", "lint": "RULES", "dashboards": "BOARDS"}[package]
    code = (
        f"import sys; from dashboards_py.{registry} import {name} as plugins; names = plugins.names(); "
        f"print(len(names), [name for name in names if 'dashboards_py.{package}.' + name in sys.modules])"
    )
    stdout = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    count, imported = stdout.split(maxsplit=1)
    assert int(count) > 2
    assert imported.strip() == "[]"
