"""The handler `dns` with a number of labels for which Cilium confuses them: detected, avoided or refused."""

from typing import Any

import pytest
import yaml

from dashboards_py.catalog import CONTEXT_LABELS, NEWEST, Handler
from dashboards_py.catalog.hubble import context_labels
from dashboards_py.values.check import Gap, check
from dashboards_py.values.dns import HARMLESS, problem, without_mix_up
from dashboards_py.values.handlers import Conflict
from dashboards_py.values.keys import HANDLERS
from dashboards_py.values.merge import merge_required
from dashboards_py.values.render import to_yaml
from dashboards_py.values.required import Item
from tests.values.test_values import BOARDS, required_values_tree

FAULT = pytest.mark.fault("a fifth label in `dns` takes rcode away from the DNS boards, a ninth stops the agent")
REQUIRED = ("source_namespace", "source_app", "destination_namespace", "destination_app")
OTHERS = tuple(label for label in CONTEXT_LABELS if label not in REQUIRED)
ITEM = Item(f"dns:query;labelsContext={','.join(REQUIRED)}", ("dns / Queries",))


def entry(*labels: str, query: bool = False) -> str:
    return str(Handler("dns", (*(("query",) if query else ()), f"labelsContext={','.join(labels)}")))


def values_with(dns: str) -> dict[str, Any]:
    """Our values with another entry for `dns`."""
    values = required_values_tree()
    handlers = values["hubble"]["metrics"]["enabled"]
    values["hubble"]["metrics"]["enabled"] = [dns if handler.startswith("dns") else handler for handler in handlers]
    return values


@FAULT
def test_a_lost_rcode_is_found() -> None:
    """Panels that use rcode are reported, with the entry that has it."""
    values = values_with(entry(*REQUIRED, "source_workload", query=True))
    findings = check(BOARDS, values, NEWEST, labels={"release": "prometheus"})
    whys = {why for finding in findings if finding.gap is not Gap.FEATURE for why in finding.why}
    fixed = entry(*REQUIRED, "source_workload", "traffic_direction", query=True)
    assert whys == {
        f"{HANDLERS}: dns lacks rcode: with 5 context labels Cilium renames its label rcode to `type`: write {fixed}"
    }
    assert {finding.board for finding in findings if finding.gap is not Gap.FEATURE} >= {"hubble-dns"}
    again = check(BOARDS, values_with(fixed), NEWEST, labels={"release": "prometheus"})
    assert {finding.gap for finding in again} == {Gap.FEATURE}


@FAULT
def test_an_agent_that_does_not_start_is_found() -> None:
    """Everything from the agent is empty, with the reason."""
    values = values_with(entry(*CONTEXT_LABELS[:9], query=True))
    findings = {
        finding.board: finding.why for finding in check(BOARDS, values, NEWEST, labels={"release": "prometheus"})
    }
    why = f"{HANDLERS}: dns with 9 context labels the agent does not start: use 6 to 8 labels, or at most 4"
    assert why in findings["cilium-agent"]
    assert why in findings["hubble-network"]


@FAULT
@pytest.mark.parametrize("number", range(1, len(OTHERS) + 1))
def test_a_union_never_confuses_labels(number: int) -> None:
    """All labels of the user and of ours and as few harmless ones as necessary, or the user's unchanged."""
    user_values = OTHERS[:number]
    missing, conflicts = merge_required(
        {"hubble": {"metrics": {"enabled": [entry(*user_values)]}}}, {HANDLERS: (ITEM,)}, frozenset()
    )
    if conflicts:
        count = number + len(REQUIRED)
        assert (missing, count in range(9, 14)) == ({}, True)
        assert [(conflict.key, conflict.user_value) for conflict in conflicts] == [(HANDLERS, entry(*user_values))]
        assert f"with {count} context labels" in conflicts[0].why
        return
    items = missing[HANDLERS]
    assert isinstance(items, tuple)
    (united,) = (Handler.parse(str(item.value)) for item in items)
    assert not united.loses_rcode
    assert not united.stops_agent
    extra = context_labels(united.options) - {*user_values, *REQUIRED}
    assert extra <= {*HARMLESS}
    assert len(extra) == (number == 1)
    assert "query" in united.options
    again, _ = merge_required({"hubble": {"metrics": {"enabled": [str(united)]}}}, {HANDLERS: (ITEM,)}, frozenset())
    assert again == {}


def test_the_extra_label_is_one_that_the_user_has_not() -> None:
    """A handler that has the first harmless label gets the next."""
    handler = Handler("dns", (f"labelsContext={','.join((*REQUIRED, 'traffic_direction'))}",))
    better = without_mix_up(handler)
    assert better is not None
    assert context_labels(better.options) == {*REQUIRED, "traffic_direction", "source_workload_kind"}
    assert without_mix_up(better) == better


def test_contexts_without_a_list_of_labels_get_one() -> None:
    """sourceContext counts as a label: with four of the list they are five."""
    handler = Handler("dns", ("sourceContext=pod", f"labelsContext={','.join(REQUIRED)}"))
    assert str(without_mix_up(handler)) == f"dns:sourceContext=pod;labelsContext={','.join(REQUIRED)},traffic_direction"
    assert problem(Handler("dns", ("query",))) == ""


def test_refusals_have_a_remedy() -> None:
    """The conflict names the user's entry, its effect, and the entry to write instead."""
    user_values = entry(*OTHERS[:5])
    _, conflicts = merge_required({"hubble": {"metrics": {"enabled": [user_values]}}}, {HANDLERS: (ITEM,)}, frozenset())
    why = "merged with what dns / Queries needs, with 9 context labels the agent does not start: " + (
        "use 6 to 8 labels, or at most 4"
    )
    assert conflicts == (Conflict(HANDLERS, user_values, why),)


@FAULT
def test_a_union_in_yaml_is_complete() -> None:
    """The merged values have the complete list: Helm replaces lists."""
    more, _ = merge_required(
        {"hubble": {"metrics": {"enabled": [entry("source_workload")]}}}, {HANDLERS: (ITEM,)}, frozenset()
    )
    (handler,) = yaml.safe_load(to_yaml(more, ""))["hubble"]["metrics"]["enabled"]
    assert handler == f"dns:labelsContext=source_workload,{','.join(REQUIRED)},traffic_direction;query"
