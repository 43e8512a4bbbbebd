"""docs/configuration.md shows every setting, and its examples work."""

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from dashboards_py.catalog import NEWEST
from dashboards_py.cli import cli
from dashboards_py.compile import compile_boards
from dashboards_py.configuration.read import SETTINGS, read_configuration
from docs.generate import generated

TEXT = (Path(__file__).parents[2] / "docs/configuration.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```", TEXT, re.M | re.S)


@pytest.mark.parametrize("block", [block for kind, block in BLOCKS if kind == "toml"])
def test_its_settings_are_read(block: str, tmp_path: Path) -> None:
    """Each example is read, and the boards compile with it."""
    path = tmp_path / "settings.toml"
    path.write_text(block)
    configuration = read_configuration(path)
    assert not configuration.is_default
    assert compile_boards(NEWEST, configuration)


def test_every_setting_is_documented() -> None:
    """In an example."""
    examples = "\n".join(block for kind, block in BLOCKS if kind == "toml")
    assert {name for name in SETTINGS if not re.search(rf"^(\[{name}[.\]]|{name} = )", examples, re.M)} == set()


def test_its_table_of_thresholds_is_that_of_the_boards() -> None:
    """`make generate` writes it."""
    assert generated(TEXT, compile_boards()) == TEXT


def test_its_commands_are_ours() -> None:
    """Their options are accepted."""
    lines = [line.partition("  #")[0] for kind, block in BLOCKS if kind == "bash" for line in block.splitlines()]
    assert lines
    for line in lines:
        program, *arguments = shlex.split(line)
        assert program == "cilium-dashboards"
        result = CliRunner().invoke(cli, [*arguments, "--help"])
        assert result.exit_code == 0, result.output
