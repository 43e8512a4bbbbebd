"""Values that Helm or Cilium refuses are neither printed nor called fine: a table of small inputs."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result

from dashboards_py.catalog import RELEASES, Release
from dashboards_py.cli import cli
from dashboards_py.values.handler_problems import handler_problems
from dashboards_py.values.hubble_metrics import with_joined_labels
from tests.cluster.plans import planned_up, with_cilium

DYNAMIC = pytest.mark.fault("static Hubble metrics are written next to dynamic ones, and the agent does not start")
OFF = pytest.mark.fault("values for parts that the user switched off are printed, and Helm refuses them")
HANDLERS = pytest.mark.fault("handlers that Cilium does not accept together are printed or called fine")


def run(directory: Path, values: dict[str, Any], *args: str) -> tuple[dict[str, Any], Result]:
    """The printed values, and the result, of `values` with a file."""
    path = directory / "mine.yaml"
    path.write_text(yaml.safe_dump(values))
    result = CliRunner().invoke(cli, ["values", *args, str(path)])
    return yaml.safe_load(result.stdout) if "--merge-with" in args else {}, result


def hubble(**metrics: Any) -> dict[str, Any]:
    """Values with Hubble's metrics."""
    return {"hubble": {"metrics": metrics}}


def dynamic(*entries: Any, **config: Any) -> dict[str, Any]:
    """Values with dynamic Hubble metrics."""
    return hubble(dynamic={"enabled": True, "config": {"content": list(entries), **config}})


@DYNAMIC
def test_dynamic_metrics_are_merged_in_their_form(tmp_path: Path) -> None:
    """Ours are added to the content; the user's options and filters stay, and no static list is printed."""
    own = {"name": "dns", "contextOptions": [{"name": "sourceContext", "values": ["pod"]}]}
    printed, _ = run(tmp_path, dynamic(own, {"name": "icmp"}), "--cilium", "1.18", "--merge-with")
    metrics = printed["hubble"]["metrics"]
    assert "enabled" not in metrics
    content = metrics["dynamic"]["config"]["content"]
    assert [entry["name"] for entry in content[:2]] == ["dns", "icmp"]
    assert content[0]["contextOptions"][0] == own["contextOptions"][0]
    assert {"name": "query"} in content[0]["contextOptions"]
    assert len({entry["name"] for entry in content}) == len(content) == 9
    again = dynamic(*content)
    assert handler_problems(again, Release.parse("1.18")) == ()
    assert "dynamic" not in run(tmp_path, again, "--cilium", "1.18", "--merge-with")[0]["hubble"]["metrics"]


@DYNAMIC
def test_the_oldest_chart_has_no_dynamic_metrics(tmp_path: Path) -> None:
    """The chart of 1.16 ignores the key, so that the static list is what counts."""
    printed, _ = run(tmp_path, dynamic(), "--cilium", "1.16", "--merge-with")
    assert "dns" in printed["hubble"]["metrics"]["enabled"][0]


@DYNAMIC
def test_a_config_map_that_the_values_do_not_hold(tmp_path: Path) -> None:
    """A warning that its content is not known; nothing is printed for the handlers, and no panel is called empty."""
    values = dynamic(createConfigMap=False, configMapName="our-metrics")
    printed, result = run(tmp_path, values, "--merge-with")
    assert "dynamic" not in printed["hubble"]["metrics"]
    assert "enabled" not in printed["hubble"]["metrics"]
    assert "ConfigMap our-metrics, which the values do not hold" in str(result.exception)
    assert "- {name: icmp}" in str(result.exception) or "- name: icmp" in str(result.exception)
    _, result = run(tmp_path, values, "--check")
    assert "whether they are enough for the boards is not known" in result.stderr
    assert "hubble.metrics.enabled does not list" not in result.stdout
    assert "content does not list" not in result.stdout


@DYNAMIC
@pytest.mark.parametrize("release", RELEASES[1:], ids=str)
def test_both_forms(tmp_path: Path, release: Release) -> None:
    """Both at once are an error of check, and merge adds to neither."""
    values = dynamic({"name": "dns"})
    values["hubble"]["metrics"]["enabled"] = ["drop"]
    _, checked = run(tmp_path, values, "--cilium", str(release), "--check")
    assert "Cilium accepts one of them" in checked.stderr
    assert ("the agent does not start" in checked.stderr) == (release >= (1, 18))
    printed, _ = run(tmp_path, values, "--cilium", str(release), "--merge-with")
    assert printed["hubble"]["metrics"].keys() == {"serviceMonitor"}


@DYNAMIC
def test_up_writes_the_dynamic_form() -> None:
    """`setup.sh up` sets the content, and no static list."""
    steps = planned_up(with_cilium(dynamic({"name": "dns"})))
    details = "\n".join(line for step in steps for line in step.details)
    assert "set hubble.metrics.dynamic.config.content:" in details
    assert "set hubble.metrics.enabled" not in details


@OFF
@pytest.mark.parametrize("release", RELEASES, ids=str)
@pytest.mark.parametrize("value", [False, None])
def test_hubble_off(tmp_path: Path, release: Release, value: bool | None) -> None:
    """Nothing below `hubble` is printed, and the boards that stay empty are named."""
    printed, result = run(tmp_path, {"hubble": {"enabled": value}}, "--cilium", str(release), "--merge-with")
    assert "hubble" not in printed
    assert "hubble-relay stay empty" in str(result.exception)


@OFF
def test_a_plan_goes_on_without_hubble() -> None:
    """`setup.sh plan` keeps the choice and says which boards stay empty."""
    steps = planned_up(with_cilium({"hubble": {"enabled": False}}))
    details = "\n".join(line for step in steps for line in step.details)
    assert "your value is kept: hubble.enabled false" in details
    assert re.search(r"hubble-relay stay empty, and cilium-overview[\w, -]* in part", details)
    assert "set hubble." not in details


@OFF
@pytest.mark.parametrize(
    "values", [{"envoy": {"enabled": False}}, {"l7Proxy": False}, {"upgradeCompatibility": "1.15"}]
)
@pytest.mark.parametrize("release", RELEASES, ids=str)
def test_envoy_off(tmp_path: Path, values: dict[str, Any], release: Release) -> None:
    """From 1.17 on nothing scrapes an Envoy inside the agent: no value is printed for it, and check agrees."""
    printed, result = run(tmp_path, values, "--cilium", str(release), "--merge-with")
    assert ("envoy" in printed) == (release < (1, 17))
    if release >= (1, 17):
        assert f"{next(iter(values))}" in str(result.exception)
        _, checked = run(tmp_path, values, "--cilium", str(release), "--check")
        assert "nothing scrapes an Envoy inside the agent" in checked.stdout


@HANDLERS
@pytest.mark.parametrize("release", RELEASES, ids=str)
@pytest.mark.parametrize(
    ("entries", "message"),
    [
        (["http", "httpV2"], "Cilium does not accept http together with httpV2"),
        (["drop", "drop:sourceContext=pod"], "duplicate handler drop"),
        (["dnss"], "'dnss' is not a Hubble handler"),
        (["dns:labelsContext=source_ip", "source_app", "source_pod"], "source_app, source_pod are labels of dns"),
    ],
)
def test_handlers_that_cilium_refuses(entries: list[str], message: str, release: Release, tmp_path: Path) -> None:
    """Check says it with the consequence and the fix; what merge prints has no such problem."""
    (problem,) = handler_problems(hubble(enabled=entries), release)
    assert message in problem.text
    assert any(fix in problem.text for fix in (": remove", ": write"))
    printed, result = run(tmp_path, hubble(enabled=entries), "--cilium", str(release), "--merge-with")
    listed = printed["hubble"]["metrics"].get("enabled")
    if listed:
        assert not any(item.error for item in handler_problems(hubble(enabled=listed), release))
    else:
        assert " with the boards and " in str(result.exception)


@HANDLERS
def test_labels_after_a_broken_entry_are_not_those_of_a_neighbour() -> None:
    """Which handler they belong to cannot be known."""
    entries = ["httpV2:labelsContext=source_ip", "bogus", "traffic_direction", "drop:labelsContext=a,traffic_direction"]
    texts = [problem.text for problem in handler_problems(hubble(enabled=entries), RELEASES[-1])]
    assert any("'traffic_direction' is not a Hubble handler" in text and "it is a label" in text for text in texts)
    assert not any("labels of" in text for text in texts)


@HANDLERS
@pytest.mark.parametrize("release", RELEASES, ids=str)
def test_kafka(release: Release) -> None:
    """It is gone in 1.20, which skips it, also if it is named twice: what is not registered crashes nothing."""
    texts = [problem.text for problem in handler_problems(hubble(enabled=["kafka"]), release)]
    assert bool(texts) == (release >= (1, 20))
    texts = [problem.text for problem in handler_problems(hubble(enabled=["kafka", "kafka"]), release)]
    assert any("duplicate handler" in text for text in texts) == (release < (1, 20))


@HANDLERS
def test_dynamic_handlers_that_cilium_refuses() -> None:
    """A name twice stops all of them; a value with a comma only its own handler."""
    twice = handler_problems(dynamic({"name": "dns"}, {"name": "dns"}), RELEASES[-1])
    assert ["the agent reads none of the handlers" in problem.text for problem in twice] == [True]
    option = {"name": "labelsContext", "values": ["source_ip,source_pod"]}
    (joined,) = handler_problems(dynamic({"name": "dns", "contextOptions": [option]}), RELEASES[-1])
    assert (joined.stops, "one value a line" in joined.text) == (frozenset({"dns"}), True)


@HANDLERS
def test_split_labels_are_put_back() -> None:
    """Labels follow the labelsContext that they belong to; after another handler they stay."""
    entries = ["dns:query;labelsContext=source_ip", "source_app", "drop", "source_pod"]
    assert with_joined_labels(entries) == ["dns:query;labelsContext=source_ip,source_app", "drop", "source_pod"]
