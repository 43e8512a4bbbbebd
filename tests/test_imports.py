"""The contracts on imports in pyproject.toml: each is kept, and each is broken by an import in the wrong package."""

import ast
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
CONTRACTS = [
    contract["name"]
    for contract in tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
]
PLANTED = {
    "Imports go one way, down": ("catalog/status.py", "import dashboards_py.compile"),
    "Only render knows grafanalib": ("style/tables.py", "import grafanalib.core"),
    "Only promql knows promql-parser": ("needs.py", "import promql_parser"),
    "Only regex knows RE2": ("values/keys.py", "import re2"),
    "Only the demo knows numpy": ("panel_data/frame.py", "import numpy"),
    "Readers of dashboards need no compiler": ("queries/board.py", "import dashboards_py.style"),
    "Rules of lint do not know each other": ("lint/no_unit.py", "import dashboards_py.lint.duplicate_title"),
    "Transformations do not know each other": (
        "panel_data/transformations/limit.py",
        "import dashboards_py.panel_data.transformations.merge",
    ),
    "Causes of doctor do not know each other": (
        "doctor/causes/target_down.py",
        "import dashboards_py.doctor.causes.scrape_limit",
    ),
    "Conditions of doctor do not know each other": (
        "doctor/conditions/wrong_port.py",
        "import dashboards_py.doctor.conditions.stale_pods",
    ),
    "Files of alerts do not know each other": (
        "alert_files/mimir.py",
        "import dashboards_py.alert_files.prometheus",
    ),
    "Targets do not know each other": ("targets/files.py", "import dashboards_py.targets.configmaps"),
    "Formats of documents do not know each other": ("documents/yaml.py", "import dashboards_py.documents.json"),
    "Formats of values do not know each other": (
        "documents/value_formats/kustomize.py",
        "import dashboards_py.documents.value_formats.config_map",
    ),
    "Formats of rules do not know each other": (
        "documents/rule_formats/plain.py",
        "import dashboards_py.documents.rule_formats.kubernetes",
    ),
    "Formats of dashboards do not know each other": (
        "documents/board_formats/perses.py",
        "import dashboards_py.documents.board_formats.jsonnet",
    ),
    "Only the command line knows click and rich": ("outline.py", "import click"),
    "Only the API of the target grafana knows grafana-client": ("targets/files.py", "import grafana_client"),
    "Only web knows requests: one session factory": ("prometheus/__init__.py", "import requests"),
    "Only kubernetes, promtool, pint, git, dev and pictures in bands start programs": (
        "tree/manifest.py",
        "import subprocess",
    ),
}


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """import-linter's verdict on each contract, in a copy with one forbidden import for each."""
    copy = tmp_path_factory.mktemp("planted")
    shutil.copytree(ROOT / "dashboards_py", copy / "dashboards_py", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", copy)
    for file, statement in PLANTED.values():
        path = copy / "dashboards_py" / file
        docstring, _, rest = path.read_text().partition('"""\n\n')
        path.write_text(f'{docstring}"""\n\n{statement}\n{rest}')
    program = Path(sys.executable).parent / "lint-imports"
    env = {**os.environ, "PYTHONPATH": str(copy)}
    run = subprocess.run([program, "--no-cache"], cwd=copy, env=env, capture_output=True, text=True, check=False)
    return {name: " ".join(re.findall(rf"^{re.escape(name)} (BROKEN|KEPT)", run.stdout, re.M)) for name in CONTRACTS}


@pytest.mark.parametrize("contract", CONTRACTS)
def test_a_forbidden_import_breaks_its_contract(outcome: dict[str, str], contract: str) -> None:
    """An import in the wrong package breaks the contract that forbids it."""
    assert contract in PLANTED, "add an import that breaks it to PLANTED"
    assert outcome[contract] == "BROKEN"


def test_no_private_module_of_a_library_is_imported() -> None:
    """No module imports a private module or name of another package, which may change in any version of it."""
    private = []
    for path in (ROOT / "dashboards_py").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            module = node.module or "" if isinstance(node, ast.ImportFrom) else ""
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import | ast.ImportFrom) else []
            imported = [f"{module}.{name}" if module else name for name in names]
            private += [
                f"{path.relative_to(ROOT)}: {name}"
                for name in imported
                if not name.startswith(("dashboards_py.", "__future__.")) and re.search(r"(^|\.)_", name)
            ]
    assert private == []
