"""Merged values of generated files, rendered by a real Helm: none is refused that rendered before."""

import subprocess
import time
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from dashboards_py.catalog import RELEASES
from dashboards_py.cli import cli
from dashboards_py.errors import ProblemsFound
from dashboards_py.values.handler_problems import handler_problems
from dashboards_py.values.keys import merge_values
from dashboards_py.values.merge import merge_needs
from dashboards_py.values.proof import refusals
from dashboards_py.values.render import as_tree
from tests.components import require
from tests.live.test_charts import chart
from tests.values.test_values import NEEDS

switch = st.sampled_from([True, False])
monitor = st.fixed_dictionaries({}, optional={"enabled": switch, "labels": st.just({"release": "kps"})})
metrics = st.fixed_dictionaries({}, optional={"enabled": switch, "serviceMonitor": monitor})
handlers = st.lists(st.sampled_from(["dns", "drop:sourceContext=pod", "http", "httpV2", "flow"]), unique=True)
entries = st.lists(st.sampled_from(["dns", "drop", "icmp"]).map(lambda name: {"name": name}), unique_by=str)
config = st.fixed_dictionaries({"content": entries}, optional={"createConfigMap": switch})
dynamic = st.fixed_dictionaries({"enabled": switch}, optional={"config": config})
VALUES = st.fixed_dictionaries(
    {},
    optional={
        "prometheus": metrics,
        "operator": st.fixed_dictionaries({}, optional={"prometheus": metrics}),
        "envoy": st.fixed_dictionaries({}, optional={"enabled": switch, "prometheus": metrics}),
        "l7Proxy": switch,
        "commonLabels": st.just({"release": "kps"}),
        "hubble": st.fixed_dictionaries(
            {},
            optional={
                "enabled": switch,
                "relay": st.fixed_dictionaries({}, optional={"enabled": switch, "prometheus": metrics}),
                "metrics": st.fixed_dictionaries({}, optional={"enabled": handlers, "dynamic": dynamic}),
            },
        ),
    },
)


def refusal(path: Path, *files: Path) -> str:
    """What Helm says against the values in the files; "" if it renders them."""
    options = [word for file in files for word in ("-f", str(file))]
    command = ["helm", "template", "cilium", str(path), "--api-versions", "monitoring.coreos.com/v1", *options]
    completed = subprocess.run(command, capture_output=True, text=True, check=False)
    return completed.stderr if completed.returncode else ""


@pytest.mark.fault("values that are printed for a user's values are refused by Helm or Cilium")
def test_no_merged_values_are_refused(tmp_path: Path) -> None:
    """At least eight files on each chart, within twenty seconds or so; and Cilium accepts the handlers if it did."""
    require("helm")
    user_file, merged = tmp_path / "user.yaml", tmp_path / "merged.yaml"
    started, tried = time.monotonic(), 0

    @seed(1)
    @settings(
        max_examples=40,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(VALUES)
    def renders(values: dict[str, Any]) -> None:
        nonlocal tried
        release = RELEASES[tried % len(RELEASES)]
        tried += 1
        missing, _ = merge_needs(NEEDS, values, release, labels={"release": "prometheus"}, interval="30s")
        tree = as_tree(missing)
        both = merge_values(values, tree)
        assert [
            p.text for p in handler_problems(both, release) if p.error and not handler_problems(values, release)
        ] == []
        assert refusals(tree, values, release) == (), (release, values)
        if tried > 8 * len(RELEASES) and time.monotonic() - started > 20:
            return
        user_file.write_text(yaml.safe_dump(values))
        merged.write_text(yaml.safe_dump(tree))
        if after := refusal(chart(release), user_file, merged):
            assert refusal(chart(release), user_file), f"{release}: {values} with {tree}: {after}"

    renders()
    assert tried >= 8 * len(RELEASES)


REFUSED = "hubble: {enabled: false, relay: {enabled: true}}\n"


@pytest.mark.fault("values that are printed for a user's values are refused by Helm or Cilium")
def test_values_are_rendered_before_they_are_printed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With --render: only if the chart takes them; faults of the user alone are reported as such."""
    require("helm")
    path = chart(RELEASES[-1])
    arguments = ["values", "--board", "hubble-dns", "--render", str(path)]
    assert CliRunner().invoke(cli, arguments).exit_code == 0
    user_file = tmp_path / "user.yaml"
    user_file.write_text(REFUSED)
    merged = CliRunner().invoke(cli, [*arguments, "--merge-with", str(user_file)])
    assert f"error: {path} refuses {user_file} without these values, too: " in merged.stderr
    assert "Hubble Relay requires" in CliRunner().invoke(cli, [*arguments, "--check", str(user_file)]).stderr
    monkeypatch.setattr("dashboards_py.values.files.cilium_text", lambda *_: REFUSED)
    printed = CliRunner().invoke(cli, arguments)
    assert isinstance(printed.exception, ProblemsFound)
    assert ("Hubble Relay requires" in str(printed.exception), printed.stdout) == (True, "")
