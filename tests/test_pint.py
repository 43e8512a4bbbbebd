"""Rules checked by pint, of which a stand-in writes the report that its checkstyle reporter would."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from dashboards_py import pint
from dashboards_py.cli import cli
from dashboards_py.documents.rule import Rule

RULES = (
    Rule("g", "a:b", is_alert=False, expr="sum(x)"),
    Rule("g", "G", is_alert=True, expr="y > 1", is_grafana=True),
    Rule("g", "A", is_alert=True, expr='x{a="b"} > 1', wait="5m", labels={"severity": "x"}, annotations={"d": "e"}),
)
# As checkstyle.go of pint writes it: Go's encoder escapes quotes and line breaks.
REPORT = """<?xml version="1.0" encoding="UTF-8"?>
<checkstyle version="4.3">
  <file name="rules.yaml">
    <error line="2" severity="Bug" message="Text:no &#34;job&#34;&#xA; Details:x" source="promql/aggregate"></error>
    <error line="3" severity="Warning" message="Text:use rate&#xA; Details:" source="promql/counter"></error>
    <error line="3" severity="Information" message="Text:nice to have&#xA; Details:" source="rule/owner"></error>
    <error line="9" severity="Fatal" message="Text:elsewhere&#xA; Details:" source="yaml/parse"></error>
  </file>
</checkstyle>
"""
WRITES = """#!/bin/sh
[ "$1 $2 $3 $4" = "--offline --no-color lint --checkstyle" ] || exit 9
cp rules.yaml "$(dirname "$0")/seen.yaml"
cp "$(dirname "$0")/report.xml" "$5"
exit 1
"""


def installed(directory: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> Path:
    """Put a program named pint on PATH."""
    program = directory / "pint"
    program.write_text(script)
    program.chmod(0o755)
    (directory / "report.xml").write_text(REPORT)
    monkeypatch.setenv("PATH", f"{directory}:/usr/bin:/bin")
    return directory


def test_problems_are_by_rule(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Errors and warnings, with the check; alerts of Grafana are not asked."""
    directory = installed(tmp_path, monkeypatch, WRITES)
    assert pint.problems(RULES) == {
        1: ('promql/aggregate: no "job"',),
        3: ("promql/counter: use rate",),
    }
    assert (directory / "seen.yaml").read_text() == (
        '{"groups": [{"name": "rules", "rules": [\n'
        '{"record": "a:b", "expr": "sum(x)"},\n'
        '{"alert": "A", "expr": "x{a=\\"b\\"} > 1", "for": "5m", "labels": {"severity": "x"}, '
        '"annotations": {"d": "e"}}\n'
        "]}]}\n"
    )


@pytest.mark.parametrize("script", ["#!/bin/sh\nexit 1\n", "#!/bin/sh\necho nonsense > $5\n", "not a program"])
def test_another_program_of_that_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """One that fails, such as Laravel's, or writes something else, or cannot be run, reports nothing."""
    installed(tmp_path, monkeypatch, script)
    assert pint.problems(RULES) == {}


def test_without_pint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is not required."""
    monkeypatch.setenv("PATH", str(tmp_path))
    assert pint.problems(RULES) == {}


@pytest.mark.fault("pint and promtool have to be run besides lint")
def test_lint_reports_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As findings of a rule of lint, with the name of pint's check."""
    installed(tmp_path, monkeypatch, WRITES)
    path = tmp_path / "rules.yaml"
    path.write_text("groups: [{name: g, rules: [{record: 'a:b', expr: sum(x)}]}]\n")
    result = CliRunner().invoke(cli, ["lint", str(path)])
    assert f'{path}:1 / group g, record a:b [reported-by-pint]\n    promql/aggregate: no "job"' in result.stdout
