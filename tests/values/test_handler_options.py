"""Options of Hubble handlers in any case, more than once, or with values that Cilium refuses."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from dashboards_py.catalog import CONTEXT_LABELS, NEWEST, RELEASES, Handler, Release, entries
from dashboards_py.catalog.hubble import context_labels, labels_added
from dashboards_py.cli import cli
from dashboards_py.errors import ProblemsFound
from dashboards_py.values.check import Gap, check
from dashboards_py.values.dns import problem
from dashboards_py.values.handler_problems import handler_problems
from dashboards_py.values.keys import HANDLERS
from dashboards_py.values.merge import merge_required
from dashboards_py.values.required import Item
from dashboards_py.values.switched_off import switched_off
from tests.values.test_dns import ITEM, OTHERS, REQUIRED, values_with
from tests.values.test_values import BOARDS

CASE = pytest.mark.fault("options of Hubble handlers in another case lose the user's labels or rcode")
REFUSED = pytest.mark.fault("labels that keep a Hubble handler from starting are not reported")
LABELS = ",".join(REQUIRED)


def merged(entry: str) -> str:
    """The entry of `dns` after merging the user's with ours; unchanged if there is nothing to set."""
    missing, conflicts = merge_required({"hubble": {"metrics": {"enabled": [entry]}}}, {HANDLERS: (ITEM,)}, frozenset())
    assert conflicts == ()
    items = missing.get(HANDLERS, (Item(entry, ()),))
    assert isinstance(items, tuple)
    (item,) = items
    return str(item.value)


@CASE
@pytest.mark.parametrize("name", ["sourcecontext", "SOURCECONTEXT", "sourceEgresscontext", "DestinationContext"])
def test_a_context_in_any_case_counts(name: str) -> None:
    """Cilium lower-cases names of options (pkg/hubble/metrics/api/context.go:212), so these are five labels."""
    united = Handler.parse(merged(f"dns:query;{name}=pod"))
    assert not united.loses_rcode
    assert len(context_labels(united.options)) == 6
    assert Handler.parse(f"dns:{name}=pod;labelscontext={LABELS}").loses_rcode


@CASE
@pytest.mark.parametrize("name", ["labelscontext", "LabelsContext", "LABELSCONTEXT"])
@pytest.mark.parametrize("label", OTHERS)
def test_one_list_of_labels_is_written(name: str, label: str) -> None:
    """Of two lists Cilium takes the last (context.go:211), or in 1.16 any (a map, api/options.go:14)."""
    united = Handler.parse(merged(f"dns:Query;{name}={label}"))
    assert [option.partition("=")[0] for option in united.options] == ["query", "labelsContext"]
    assert context_labels(united.options) >= {label, *REQUIRED}
    assert not united.loses_rcode


@CASE
def test_a_list_in_another_case_has_its_labels() -> None:
    """No panel lacks a label, and nothing is rewritten."""
    entry = f"dns:QUERY;labelscontext={LABELS}"
    findings = check(BOARDS, values_with(entry), NEWEST, labels={"release": "prometheus"})
    assert {finding.gap for finding in findings} == {Gap.FEATURE}
    assert merged(entry) == entry
    (queries,) = entries("hubble_dns_queries_total")
    assert queries.labels_on(NEWEST, Handler.parse(entry).options)[3:] == ("query", *REQUIRED)


def handler_errors(values: dict[str, Any], release: Release = NEWEST) -> tuple[str, ...]:
    """The texts of the handlers' problems."""
    return tuple(problem.text for problem in handler_problems(values, release))


@CASE
@pytest.mark.parametrize("second", ["labelsContext", "labelscontext"])
def test_the_last_of_a_repeated_option_counts(second: str) -> None:
    """As in Cilium (context.go:251), with an error that says what to write."""
    entry = f"dns:query;labelsContext={LABELS};{second}=source_ip"
    assert labels_added(Handler.parse(entry).options, {}) == ("source_ip",)
    assert handler_errors(values_with(entry)) == (
        f"{HANDLERS}: dns has labelsContext more than once, and only the last counts: "
        "write dns:query;labelsContext=source_ip",
    )
    assert merged(entry) == f"dns:query;labelsContext=source_ip,{LABELS},traffic_direction"


@pytest.mark.parametrize("count", range(len(CONTEXT_LABELS) + 1))
def test_the_advice_holds(count: int) -> None:
    """The numbers of labels that the advice allows lose nothing; five do."""
    why = problem(Handler("dns", ("query", f"labelsContext={','.join(CONTEXT_LABELS[:9])}")))
    assert why.endswith("use 6 to 8 labels, or at most 4")
    handler = Handler("dns", (f"labelsContext={','.join(CONTEXT_LABELS[:count])}",))
    assert not handler.loses_rcode or not (count <= 4 or 6 <= count <= 8)


@REFUSED
@pytest.mark.parametrize("option", ["labelsContext=node_name", "labelscontext=source_ip,App", "sourceContext=node"])
@pytest.mark.parametrize("release", RELEASES, ids=str)
def test_refused_values_are_errors(option: str, release: Release) -> None:
    """parseLabels and parseContextIdentifier (context.go:156 and 199) know the same values in all releases."""
    values = values_with(f"dns:query;{option}")
    (error,) = handler_errors(values, release)
    assert error.startswith(f"{HANDLERS}: dns does not start: {Handler.parse('dns:' + option).refused[0]}")
    findings = check(BOARDS, values, release, labels={"release": "prometheus"})
    assert error in {why for finding in findings if finding.board == "hubble-network" for why in finding.why}
    agent = {why for finding in findings if finding.board == "cilium-agent" for why in finding.why}
    assert (error in agent) == (release >= (1, 18))


@pytest.mark.parametrize("option", ["labelsContext=source_ip", "sourcecontext=Pod|dns|reserved-identity", "foo=bar"])
def test_accepted_values_are_no_errors(option: str) -> None:
    """Contexts in any case; options that Cilium ignores."""
    assert handler_errors(values_with(f"dns:{option}")) == ()


@REFUSED
def test_a_space_ends_the_handler() -> None:
    """Cilium splits the handlers at white space (pkg/hubble/metrics/cell/cell.go:106)."""
    (error,) = handler_errors(values_with("dns:labelsContext=source_ip, source_app"))
    assert error.endswith("splits it in two handlers: write dns:labelsContext=source_ip,source_app")
    assert " " not in merged("dns:labelsContext=source_ip, source_app")


@REFUSED
@pytest.mark.parametrize(
    ("entry", "line"),
    [
        ("dns:query;labelsContext=node_name", "dns does not start: labelsContext does not accept 'node_name'"),
        (f"dns:query;labelsContext=source_ip;labelscontext={LABELS}", "dns has labelsContext more than once"),
    ],
)
def test_check_fails(tmp_path: Path, entry: str, line: str) -> None:
    """`values --check` prints the error and fails, whether or not panels lack something."""
    file = tmp_path / "mine.yaml"
    file.write_text(yaml.safe_dump(values_with(entry)))
    result = CliRunner().invoke(cli, ["values", "--check", str(file)])
    assert isinstance(result.exception, ProblemsFound)
    assert f"error: {HANDLERS}: {line}" in result.output


@REFUSED
def test_a_merge_names_refused_labels() -> None:
    """The user's label is kept, and the conflict says why the handler does not start with it."""
    user_values = {"hubble": {"metrics": {"enabled": ["dns:labelsContext=node_name"]}}}
    _, (conflict,) = merge_required(user_values, {HANDLERS: (ITEM,)}, frozenset())
    assert conflict.why.startswith("the handler does not start: labelsContext does not accept 'node_name'")
    assert "node_name" in conflict.user_value


@pytest.mark.parametrize("release", RELEASES, ids=str)
def test_a_handler_that_is_listed_twice(release: Release) -> None:
    """Two entries are enough for it; what Cilium does with them depends on the release."""
    values = {"hubble": {"metrics": {"enabled": ["drop", "dns", "drop:sourceContext=pod"]}}}
    (problem,) = handler_problems(values, release)
    effect = "only the last counts" if release < (1, 17) else "the agent crashes when it registers its metrics again"
    assert f"duplicate handler drop (drop and drop:sourceContext=pod): {effect}" in problem.text


def test_options_with_blanks_are_written_without() -> None:
    """Also where nothing is missing: Cilium reads a name or a label with a blank as another one."""
    entry = f"dns:query;labelsContext={LABELS}"
    assert merged(entry) == entry
    assert merged(entry.replace(",", ", ")) == entry


@pytest.mark.parametrize(
    ("key", "off"), [("envoy.enabled", {"envoy": {"enabled": False}}), ("l7Proxy", {"l7Proxy": False})]
)
def test_an_envoy_inside_the_agents_is_off_from_1_17_on(key: str, off: dict[str, Any]) -> None:
    """The chart of 1.16 has its metrics at the agent; later charts render nothing of it, nor without a proxy."""
    parts = {release: [part for part, *_ in switched_off(off, release)] for release in RELEASES}
    assert parts == {release: [key] if release >= (1, 17) else [] for release in RELEASES}
