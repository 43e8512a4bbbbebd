"""The catalogue agrees with Cilium's own code, for each version whose facts are committed."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from dashboards_py.catalog import CONTEXT_LABELS, Handler, Release, entries
from tests.oracle import compare, facts
from tests.oracle.compare import KINDS, Disagreement, explanations

VERSIONS = facts.versions()
NEWEST = VERSIONS[-1]
FAULT = pytest.mark.fault("catalogue and tests share one source: a wrong entry proves itself")


@FAULT
@pytest.mark.parametrize("version", VERSIONS)
def test_no_disagreement_is_unexplained(version: str) -> None:
    """Names, types, labels, defaults and values are those of Cilium's code, or the difference is explained."""
    assert [str(one) for one in compare.unexplained(version)] == []


def test_every_explanation_explains_something() -> None:
    """One that fits no disagreement of any version is out of date; one whose sort is misspelt fits none."""
    differences = [one for version in VERSIONS for one in compare.disagreements(version)]
    idle = [known for known in explanations() if not any(known.fits(one) for one in differences)]
    assert idle == []
    assert {explanation.what for explanation in explanations()} <= set(KINDS)
    assert all(explanation.why for explanation in explanations())


@pytest.mark.parametrize("version", VERSIONS)
def test_names_and_labels_have_a_machine_source(version: str, report: Callable[[str], None]) -> None:
    """A program knows all of them; how much it knows of the rest is printed."""
    shares = compare.shares(version)
    report(
        f"catalogue of {version}, known by a program: "
        + ", ".join(f"{what} {100 * known / total:.0f} %" for what, (known, total) in sorted(shares.items()))
    )
    assert shares["names"][0] == shares["names"][1] > 0
    assert shares["labels"][0] == shares["labels"][1] > 0


@pytest.mark.fault("a fifth label in `dns` takes rcode away from the DNS boards, a ninth stops the agent")
@pytest.mark.parametrize("query", [False, True], ids=["without query", "with query"])
@pytest.mark.parametrize("version", VERSIONS)
def test_the_real_dns_handler_mixes_labels_up_as_the_catalogue_says(version: str, query: bool) -> None:
    """With each number of context labels the real handler starts or not, and has rcode or not, as foreseen."""
    seen = 0
    for entry in facts.entries(version):
        handlers = [Handler.parse(text) for text in entry.handlers]
        if len(handlers) != 1 or handlers[0].name != "dns" or ("query" in handlers[0].options) != query:
            continue
        seen += 1
        assert bool(entry.error) == handlers[0].stops_agent
        if not entry.error:
            assert ("rcode" not in (entry.metrics["hubble_dns_queries_total"].labels or ())) == handlers[0].loses_rcode
    assert seen == len(CONTEXT_LABELS)


@FAULT
@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"type": "gauge"}, "type"),
        ({"labels": frozenset({"reason"})}, "labels"),
        ({"name": "cilium_something_new_total"}, "unknown"),
        ({"default_on": False}, "default"),
        ({"switch": "something_else"}, "switch"),
        ({"values": {"direction": frozenset({"SIDEWAYS"})}}, "value"),
        ({"written": {"direction": frozenset({"SIDEWAYS"})}, "by": "defined"}, "value"),
    ],
)
def test_a_disagreement_is_seen(monkeypatch: pytest.MonkeyPatch, change: dict[str, object], what: str) -> None:
    """Each kind of fact that differs from the component's is one disagreement."""
    real = facts.Fact(
        "cilium_drop_count_total", "declared", "counter", frozenset({"reason", "direction"}), default_on=True
    )
    changed = replace(real, **change)  # type: ignore[arg-type]  # of any field
    for by in ("declared", "defined"):
        known = {"cilium-agent": (changed,)} if changed.by == by else {}
        monkeypatch.setattr(facts, by, lambda _, component, known=known: known.get(component, ()))
    monkeypatch.setattr(facts, "exposed", lambda *_: ())
    kinds = {
        one.what
        for one in compare.disagreements(NEWEST)
        if one.metric == changed.name and one.component == "cilium-agent"
    }
    assert kinds == {what}


@pytest.mark.parametrize("open_labels", [frozenset[str](), frozenset({"operation"})], ids=["fixed", "open"])
def test_an_example_that_is_never_written_is_seen(monkeypatch: pytest.MonkeyPatch, open_labels: frozenset[str]) -> None:
    """One that the source does not write is a disagreement, unless the source writes there what it does not fix."""
    name = "cilium_bpf_map_ops_total"
    written = facts.Fact(name, "defined", written={"operation": frozenset({"update"})}, open=open_labels)
    monkeypatch.setattr(facts, "defined", lambda _, component: (written,) if component == "cilium-agent" else ())
    monkeypatch.setattr(facts, "exposed", lambda *_: ())
    differences = [one for one in compare.disagreements(NEWEST) if one.metric == name and one.what == "example"]
    assert [one.catalogue for one in differences] == ([] if open_labels else ["['delete']"])


def test_a_kind_of_histogram_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """A histogram that is only classic where the catalogue has both is a disagreement."""
    name = "cilium_policy_implementation_delay"
    fact = facts.Fact(name, "declared", "histogram", frozenset({"source"}), ("classic",))
    monkeypatch.setattr(facts, "declared", lambda _, component: (fact,) if component == "cilium-agent" else ())
    differences = [one for one in compare.disagreements(NEWEST) if one.metric == name and one.what == "histogram"]
    assert [(one.real, one.catalogue) for one in differences] == [("classic", "classic native")]


def test_what_no_program_knows_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """An entry that neither a component nor the source has is a disagreement; so is one that no hive declares."""
    monkeypatch.setattr(facts, "exposed", lambda *_: ())
    declared = facts.declared
    without = {"cilium_drop_count_total", "cilium_policy"}
    monkeypatch.setattr(
        facts,
        "declared",
        lambda version, component: tuple(
            fact for fact in declared(version, component) if version != NEWEST or fact.name not in without
        ),
    )
    defined = facts.defined
    monkeypatch.setattr(
        facts,
        "defined",
        lambda version, component: tuple(
            fact for fact in defined(version, component) if fact.name != "cilium_drop_count_total"
        ),
    )
    monkeypatch.setattr(compare, "declared_ever", lambda _: frozenset({"cilium_policy"}))
    differences = {(one.metric, one.what) for one in compare.disagreements(NEWEST) if one.metric in without}
    assert differences == {("cilium_drop_count_total", "without source"), ("cilium_policy", "not declared")}


def test_an_explanation_matches_only_what_it_names() -> None:
    """The sort, the metric as a whole, and component, label and version where it names them."""
    one = Disagreement("1.18.11", "cilium-agent", "cilium_policy_change_total", "closed", "outcome", "a", "b")
    (explanation,) = [known for known in explanations() if known.fits(one)]
    for other in (
        replace(one, version="1.20.2"),
        replace(one, metric="cilium_policy_change_total_x"),
        replace(one, label="source"),
        replace(one, what="labels"),
    ):
        assert not explanation.fits(other)


def test_facts_are_of_the_releases_that_boards_are_made_for() -> None:
    """Each version is one of a release, none of two, and a release without facts has those of the one before it."""
    releases = [Release.parse(version) for version in VERSIONS]
    assert len(set(releases)) == len(releases)
    assert [facts.version_of(release) for release in releases] == list(VERSIONS)
    newest = releases[-1]
    assert facts.version_of(Release(newest.major, newest.minor + 1)) == NEWEST
    (drops,) = entries("cilium_drop_count_total")
    assert drops.exists_on(newest)
