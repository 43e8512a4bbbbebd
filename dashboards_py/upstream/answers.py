"""Where our boards answer what a panel of upstream's asks, computed from the metrics that both read.

What our boards answer by another metric, or not at all, stands in instead.json, a line a metric, with the reason.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path

from dashboards_py import promql
from dashboards_py.board import Board, Panel
from dashboards_py.catalog import NEWEST, split
from dashboards_py.queries import resolve
from dashboards_py.upstream.at_hand import Original

MOST = 3  # panels named as an answer


@dataclass(frozen=True, slots=True)
class Place:
    """A panel of ours."""

    uid: str
    panel: str


@dataclass(frozen=True, slots=True)
class Answer:
    """A panel of upstream's: where it is answered, best first, and why it is not, or by what else.

    `unanswered` are the metrics of its queries that none of our boards reads and instead.json does not explain.
    """

    panel: Panel
    metrics: frozenset[str]
    places: tuple[Place, ...]
    reason: str
    unanswered: frozenset[str]


@dataclass(frozen=True, slots=True)
class Instead:
    """What answers a metric that we do not read: panels of ours (`uid/title`), or none; and why."""

    places: tuple[Place, ...]
    reason: str


@cache
def instead() -> Mapping[str, Instead]:
    """The hand-kept part, by metric."""
    rows = json.loads(Path(__file__).with_name("instead.json").read_text(encoding="utf-8"))
    return {
        row["metric"]: Instead(tuple(Place(*place.split("/", 1)) for place in row["panels"]), row["reason"])
        for row in rows
    }


def answers(original: Original, ours: Sequence[Board], replaced_by: str) -> tuple[Answer, ...]:
    """Each panel of the original that asks something, in reading order; `replaced_by` is the uid preferred."""
    read = [(board.uid, panel, metrics(panel), _labels(panel)) for board in ours for panel in board.panels]
    return tuple(
        _answer(panel, read, replaced_by)
        for panel in original.board.panels
        if any(query.expr for query in panel.queries)
    )


def metrics(panel: Panel) -> frozenset[str]:
    """The metrics that a panel's queries read, histograms without suffix; queries that do not parse read none."""
    return frozenset(split(each.metric)[0] for each in _selectors(panel) if each.metric)


Read = tuple[str, Panel, frozenset[str], frozenset[str]]


def _answer(panel: Panel, ours: Iterable[Read], replaced_by: str) -> Answer:
    asked, labels = metrics(panel), _labels(panel)

    def closeness(each: Read) -> tuple[float, ...]:
        uid, mine, found, its = each
        shared = len(asked & found) / len(asked | found)
        return (
            shared + 0.5 * (len(labels & its) + 1) / (len(labels | its) + 1) + 0.5 * (uid == replaced_by),
            SequenceMatcher(None, panel.title.lower(), mine.title.lower()).ratio(),
        )

    near = sorted((each for each in ours if asked & each[2]), key=closeness, reverse=True)
    places = [Place(uid, mine.title) for uid, mine, _, _ in near[:MOST]]
    missing = asked - {name for _, _, found, _ in near for name in found}
    explained = [instead()[name] for name in sorted(missing) if name in instead()]
    places += [place for each in explained for place in each.places if place not in places]
    unanswered = missing - instead().keys()
    why = [each.reason for each in explained]
    why += [f"none of our boards reads {', '.join(sorted(unanswered))}"] if unanswered else []
    why += [] if asked else ["its queries name no metric"]
    return Answer(panel, asked, tuple(places), "; ".join(dict.fromkeys(why)), unanswered)


def _selectors(panel: Panel) -> list[promql.Selector]:
    """What the queries read, as far as they can be read: of which release makes no difference here."""
    resolved = (each for query in panel.queries for each in resolve(query.expr, NEWEST))
    return [each.selector for each in resolved if each.selector]


def _labels(panel: Panel) -> frozenset[str]:
    """What a panel's queries tell apart: labels matched, and those in its legends."""
    matched = {f"{each.label}{each.op}{each.value}" for found in _selectors(panel) for each in found.matchers}
    legends = {word for query in panel.queries for word in query.legend.replace("{{", " ").replace("}}", " ").split()}
    return frozenset(matched | legends)
