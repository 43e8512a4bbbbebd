"""The alerts of the demo: in the states in which Prometheus has them, and only where something is broken."""

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path
from random import Random

import numpy as np
import pytest

from dashboards_py import demo
from dashboards_py.demo.alerts import states
from dashboards_py.panel_data.source import Source
from tests.components import require
from tests.stories._lines import HOUR, boards, data_of, lines, panel_of, scene
from tests.stories._story import START, Story, stories
from tests.stories.test_stories import QUIET

MINUTES = 40
RULES = {"AtOnce": (0, 0), "Held": (3, 0), "Kept": (0, 4), "HeldAndKept": (2, 3)}  # `for` and `keep_firing_for`
FIRING = 'ALERTS{alertstate="firing"}'


def test_states_are_those_of_prometheus(tmp_path: Path) -> None:
    """Pending and firing at each evaluation, with and without `for` and `keep_firing_for`, for alerts that flap."""
    require("promtool")
    random = Random(3)
    chances = (0.2, 0.5, 0.7, 0.9, 1.0)
    active = {f"n{number}": [random.random() < chance for _ in range(MINUTES)] for number, chance in enumerate(chances)}
    rules = [
        {"alert": name, "expr": "broken == 1", "for": f"{hold}m", "keep_firing_for": f"{keep}m"}
        for name, (hold, keep) in RULES.items()
    ]
    (tmp_path / "rules.json").write_text(json.dumps({"groups": [{"name": "all", "rules": rules}]}))
    expected: list[list[str]] = [[] for _ in range(MINUTES)]
    for name, (hold, keep) in RULES.items():
        for node, is_active in active.items():
            of_states = states(np.array(is_active), hold, keep)
            for state, present in zip(("pending", "firing"), of_states, strict=True):
                for minute in np.flatnonzero(present):
                    expected[minute].append(f'ALERTS{{alertname="{name}",alertstate="{state}",node="{node}"}}')
    test = {
        "interval": "1m",
        "input_series": [
            {"series": f'broken{{node="{node}"}}', "values": " ".join(str(int(one)) for one in is_active)}
            for node, is_active in active.items()
        ],
        "promql_expr_test": [
            {
                "expr": "ALERTS",
                "eval_time": f"{minute}m",
                "exp_samples": [{"labels": labels, "value": 1} for labels in sorted(of_minute)],
            }
            for minute, of_minute in enumerate(expected)
        ],
    }
    document = {"rule_files": ["rules.json"], "evaluation_interval": "1m", "tests": [test]}
    (tmp_path / "test.json").write_text(json.dumps(document))
    argv = ["promtool", "test", "rules", "test.json"]
    ran = subprocess.run(argv, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60)
    assert ran.returncode == 0, ran.stdout[:3000] + ran.stderr[:3000]


def fired(source: Source) -> set[str]:
    """The names of the alerts that fired within the last hour."""
    series = source.instant(f"count by (alertname) (count_over_time({FIRING}[1h]))", HOUR.end)
    return {one.labels["alertname"] for one in series}


@pytest.mark.fault("two alerts fire while nothing is wrong")
@pytest.mark.parametrize("name", sorted(QUIET))
def test_none_fires_while_nothing_is_broken(name: str) -> None:
    """In no scene without an outage."""
    assert fired(scene(name)) == set()


@pytest.mark.fault("the demo has no alert, whatever breaks")
@pytest.mark.parametrize("story", stories().values(), ids=stories())
def test_each_outage_has_an_alert(story: Story) -> None:
    """One that fires within the hour."""
    assert fired(scene(story.scene))


@pytest.mark.fault("an alert of all nodes hides the others")
def test_an_alert_of_many_nodes_has_one_row() -> None:
    """Without their names; one of few nodes names them."""
    rows = [(row["alertname"], row.get("node")) for row in firing("identity-storm")]
    assert len(rows) == len({name for name, _ in rows}), rows
    assert ("CiliumMapNearlyFull", "node-2") in {(row["alertname"], row.get("node")) for row in firing("map-full")}


@pytest.mark.fault("the board of an alert without a node opens without a series")
@pytest.mark.parametrize("name", sorted({*demo.scene_names()} - {"empty", "operator-only"}))
def test_a_row_that_leads_on_sets_the_node(name: str) -> None:
    """To one of the cluster or to All, where the next board has the variable: of nothing it shows nothing."""
    before = scene(name).instant("count by (node) (up offset 1h)", HOUR.end)
    known = {"All", *(one.labels.get("node", "All") for one in before)}
    for title in ("Firing alerts", "Not scraped"):
        for row in rows_of(title, name):
            if row.get("next") and any(variable.name == "node" for variable in boards()[row["next"]].variables):
                assert row.get("next_node") in known, (title, row)


def firing(name: str) -> list[Mapping[str, str]]:
    """The rows of the panel of alerts on the overview."""
    return rows_of("Firing alerts", name)


def rows_of(title: str, name: str) -> list[Mapping[str, str]]:
    """The rows of a table of the overview in a scene."""
    panel = panel_of(boards()[START], title)
    return [line.values for line in lines(panel, data_of(boards()[START], panel, scene(name), {}))]


@pytest.mark.fault("the alert about a relay that is down leads to the board of the agents")
@pytest.mark.parametrize(
    ("name", "expected"),
    [("relays-half", {"hubble-relay"}), ("node-down", {"cilium-agent", "cilium-envoy"})],
)
def test_an_alert_about_a_target_leads_to_the_board_of_its_component(name: str, expected: set[str]) -> None:
    """From the panel on the overview; the alert is the same for all components."""
    assert {row["next"] for row in firing(name) if row["alertname"] == "CiliumTargetDown"} == expected
