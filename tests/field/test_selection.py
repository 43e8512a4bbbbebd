"""Selection of ServiceMonitors by labels: a finding only if the user says what is selected."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from dashboards_py.cli import cli
from tests.values.test_values import required_values_tree

FAULT = pytest.mark.fault("panels are called empty for a label `release` that nobody said is selected")


def checked(directory: Path, values: dict[str, Any], *args: str) -> str:
    """The findings of `values --check`."""
    path = directory / "mine.yaml"
    path.write_text(yaml.safe_dump(values))
    return CliRunner().invoke(cli, ["values", "--check", str(path), *args]).stdout


@FAULT
def test_labels_are_a_finding_only_if_the_selector_is_stated(tmp_path: Path) -> None:
    """Values without labels are fine, unless --release names a label."""
    values = required_values_tree(labels={})
    assert "does not select" not in checked(tmp_path, values)
    assert "does not select" in checked(tmp_path, values, "--release", "kps")


@FAULT
def test_common_labels_count(tmp_path: Path) -> None:
    """The chart puts commonLabels on ServiceMonitors from 1.17 on, and not in 1.16."""
    values = {**required_values_tree(labels={}), "commonLabels": {"release": "kps"}}
    assert "does not select" not in checked(tmp_path, values, "--release", "kps", "--cilium", "1.17")
    assert "does not select" in checked(tmp_path, values, "--release", "kps", "--cilium", "1.16")
