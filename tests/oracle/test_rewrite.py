"""`make catalogue` writes what a program can know, and nothing else."""

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest

from dashboards_py.catalog import Release
from dashboards_py.catalog.dump import DIRECTORY, canonical
from tests.oracle import facts, rewrite

VERSIONS = facts.versions()
NEWEST = VERSIONS[-1]
AT = str(Release.parse(NEWEST))
Rows = list[dict[str, Any]]


def committed() -> Rows:
    rows: Rows = json.loads((DIRECTORY / "metrics.json").read_text(encoding="utf-8"))
    return rows


def of(rows: Rows, name: str, component: str = "cilium-agent") -> dict[str, Any]:
    return next(row for row in rows if (row["name"], row["component"]) == (name, component))


@pytest.mark.parametrize("version", VERSIONS)
def test_the_committed_catalogue_is_what_the_facts_make_of_it(version: str) -> None:
    """Writing the facts of any version again changes nothing."""
    rows, messages = rewrite.rewritten(committed(), version)
    assert messages == ()
    assert canonical("metrics.json", rows) == canonical("metrics.json", committed())


def _other_type(rows: Rows) -> None:
    of(rows, "cilium_policy_l7_total")["type"] = "gauge"


def _other_labels(rows: Rows) -> None:
    of(rows, "cilium_bpf_map_ops_total")["labels"] = ["map_name"]


def _other_default(rows: Rows) -> None:
    of(rows, "cilium_policy_l7_total")["off"] = True


def _classic_alone(rows: Rows) -> None:
    del of(rows, "cilium_policy_implementation_delay")["histogram_kinds"]


def _own_switch(rows: Rows) -> None:
    of(rows, "cilium_hive_status")["switch"] = "cilium_hive_status"


def _a_verdict_less(rows: Rows) -> None:
    values = of(rows, "hubble_policy_verdicts_total", "hubble")["values"]
    held = values["action"]
    values["action"] = {"1.16": held, AT: [value for value in held if value != "audit"]}


@pytest.mark.parametrize(
    "damage", [_other_type, _other_labels, _other_default, _classic_alone, _own_switch, _a_verdict_less]
)
def test_a_fact_comes_back(damage: Callable[[Rows], None]) -> None:
    """An entry that is wrong is right again when the facts of all versions were written."""
    rows = committed()
    damage(rows)
    assert canonical("metrics.json", rows) != canonical("metrics.json", committed())
    for version in VERSIONS:
        rows, _ = rewrite.rewritten(rows, version)
    assert as_read(rows) == as_read(committed())


def as_read(rows: Rows) -> dict[tuple[str, str], Any]:
    """The rows as values, lists of values and labels in any order."""
    from dashboards_py.catalog import RELEASES
    from dashboards_py.catalog.metric import read

    def seen(row: dict[str, Any]) -> Any:
        metric = read(row)
        return [
            (
                metric.type_on(at),
                metric.labels_on(at),
                metric.off.on(at),
                metric.switch_on(at),
                metric.histogram_kinds_on(at),
                {
                    (label, frozenset(metric.values_on(label, at)), metric.is_closed(label))
                    for label in metric.labels_on(at)
                },
            )
            for at in RELEASES
            if metric.exists_on(at)
        ]

    return {(row["name"], row["component"]): seen(row) for row in rows}


def test_a_new_metric_needs_its_help() -> None:
    """A metric that the catalogue lacks gets an entry with all that is known, without the help that a test asks for."""
    rows = committed()
    before = of(rows, "cilium_policy_l7_total")
    rows.remove(before)
    after, messages = rewrite.rewritten(rows, NEWEST)
    new = of(after, "cilium_policy_l7_total")
    assert messages[0].startswith("new: cilium-agent cilium_policy_l7_total:")
    assert (new["type"], new["labels"], new["help"], new["since"]) == ("counter", before["labels"], "", AT)
    assert new["source"].startswith("pkg/metrics/metrics.go:")


def test_a_removed_metric_gets_its_release_of_removal(monkeypatch: pytest.MonkeyPatch) -> None:
    """A metric that the version before declared and this one does not is removed; its successors are a reviewer's."""
    registered = facts.registered_rows
    monkeypatch.setattr(
        facts,
        "registered_rows",
        lambda version, component: {
            name: row for name, row in registered(version, component).items() if name != "cilium_policy_l7_total"
        },
    )
    rows, messages = rewrite.rewritten(committed(), NEWEST)
    assert [line for line in messages if line.startswith("gone")] == [
        f"gone: cilium-agent cilium_policy_l7_total: removed in {AT}; write what replaces it"
    ]
    assert of(rows, "cilium_policy_l7_total")["removed"] == AT


def test_what_is_not_known_stays() -> None:
    """Help, units, features, notes, sources and replacements are left to the reviewer."""
    rows = committed()
    by_hand = ("unit", "help", "when", "note", "source", "replaced_by", "defined_but_never_set", "handler", "options")
    before = [copy.deepcopy({key: row.get(key) for key in by_hand}) for row in rows]
    _other_type(rows)
    after, _ = rewrite.rewritten(rows, NEWEST)
    assert [{key: row.get(key) for key in by_hand} for row in after] == before


def test_the_summary_begins_with_manual_work() -> None:
    """New and gone metrics before what was only corrected."""
    assert rewrite.summary(["b: x", "gone: y", "new: z", "a: x"]) == ["new: z", "gone: y", "a: x", "b: x"]
