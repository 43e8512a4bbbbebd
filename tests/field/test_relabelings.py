"""The user's own metricRelabelings count before a panel is called fine."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from dashboards_py.cli import cli
from tests.field.test_boards import board, panel, write
from tests.values.test_values import required_values_tree

pytestmark = pytest.mark.fault("panels are called fine whose series the user's own relabelling drops")
DROPS = "hubble_drop_total"
# By rules: the gap of a panel that groups hubble_drop_total by reason, "" for none.
RULES: list[tuple[list[dict[str, Any]], str]] = [
    ([{"sourceLabels": ["__name__"], "regex": "hubble_drop_.*", "action": "drop"}], "empty"),
    ([{"sourceLabels": ["__name__"], "regex": DROPS, "action": "Drop"}], "empty"),
    ([{"sourceLabels": ["__name__"], "regex": "hubble_dns_.*", "action": "keep"}], "empty"),
    ([{"regex": "reason|protocol", "action": "labeldrop"}], "missing labels"),
    ([{"regex": "__name__|protocol", "action": "labelkeep"}], "missing labels"),
    ([{"sourceLabels": ["__name__"], "regex": "hubble_drop", "action": "drop"}], ""),
    ([{"sourceLabels": ["__name__"], "regex": "hubble_.*", "action": "keep"}], ""),
    ([{"sourceLabels": ["__name__", "protocol"], "regex": "hubble_drop_total;UDP", "action": "drop"}], ""),
    ([{"regex": "pod_template_hash", "action": "labeldrop"}], ""),
    ([{"sourceLabels": ["node"], "targetLabel": "host"}], ""),
]


@pytest.mark.parametrize(("rules", "gap"), RULES, ids=[str(rules) for rules, _ in RULES])
def test_rules(tmp_path: Path, rules: list[dict[str, Any]], gap: str) -> None:
    """A series or label that is dropped is a finding, with the key and the rule."""
    values = required_values_tree()
    values["hubble"]["metrics"]["serviceMonitor"]["metricRelabelings"] = rules
    path = tmp_path / "mine.yaml"
    path.write_text(yaml.safe_dump(values))
    read = write(tmp_path, [board(panel("Drops", f"sum by (reason) (rate({DROPS}[5m]))"))])
    checked = CliRunner().invoke(cli, ["values", "--check", str(path), "--board", read])
    assert (f"{gap}  plain / Drops" in checked.stdout) if gap else checked.stdout == ""
    assert ("hubble.metrics.serviceMonitor.metricRelabelings[0]: " in checked.stdout) == bool(gap)


def test_a_matcher_on_a_label_that_is_dropped(tmp_path: Path) -> None:
    """It matches nothing."""
    values = required_values_tree()
    values["hubble"]["metrics"]["serviceMonitor"]["metricRelabelings"] = [{"regex": "reason", "action": "labeldrop"}]
    path = tmp_path / "mine.yaml"
    path.write_text(yaml.safe_dump(values))
    read = write(tmp_path, [board(panel("Drops", f'rate({DROPS}{{reason="POLICY_DENIED"}}[5m])'))])
    assert "empty  plain / Drops" in CliRunner().invoke(cli, ["values", "--check", str(path), "--board", read]).stdout
