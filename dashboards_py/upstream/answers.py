"""Find our panels that answer a panel of an upstream board, by the metrics that both read.

alternatives.json lists the metrics that our boards replace with another metric or leave out, with the reasons.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path
from typing import NamedTuple

from dashboards_py import promql
from dashboards_py.board import Board, Panel
from dashboards_py.catalog import NEWEST, split
from dashboards_py.queries import resolve
from dashboards_py.upstream.available import Original

MAX_ANSWERS = 3  # panels listed for an upstream panel


@dataclass(frozen=True, slots=True)
class PanelRef:
    """A reference to one of our panels."""

    uid: str
    panel: str


@dataclass(frozen=True, slots=True)
class Answer:
    """An upstream panel and our panels that answer it, best first; `reason` explains missing metrics.

    `unanswered` are metrics in its queries that none of our boards reads and alternatives.json does not explain.
    """

    panel: Panel
    metrics: frozenset[str]
    panels: tuple[PanelRef, ...]
    reason: str
    unanswered: frozenset[str]


@dataclass(frozen=True, slots=True)
class Alternative:
    """Our panels that show a substitute for a metric, if any, and the reason why we do not read the metric."""

    panels: tuple[PanelRef, ...]
    reason: str


@cache
def alternatives() -> Mapping[str, Alternative]:
    """The entries of alternatives.json, by metric."""
    rows = json.loads(Path(__file__).with_name("alternatives.json").read_text(encoding="utf-8"))
    return {
        row["metric"]: Alternative(tuple(PanelRef(*path.split("/", 1)) for path in row["panels"]), row["reason"])
        for row in rows
    }


class PanelFacts(NamedTuple):
    """One of our panels, by its board's uid and its title: the metrics that it reads, and what tells it from others.

    `labels` are the matchers of its queries and the words of their legends.
    """

    uid: str
    title: str
    metrics: frozenset[str]
    labels: frozenset[str]


def facts(boards: Sequence[Board]) -> tuple[PanelFacts, ...]:
    """The facts of all panels of our boards that an upstream panel is compared by."""
    return tuple(
        PanelFacts(board.uid, panel.title, metrics(panel), _distinguishing_labels(panel))
        for board in boards
        for panel in board.panels
    )


def answers(original: Original, candidates: Sequence[PanelFacts], replaced_by: str) -> tuple[Answer, ...]:
    """Answer each panel of the original that has a query; panels of the board `replaced_by` are preferred."""
    return tuple(
        _answer(panel, candidates, replaced_by)
        for panel in original.board.panels
        if any(query.expr for query in panel.queries)
    )


def metrics(panel: Panel) -> frozenset[str]:
    """The metrics that a panel's queries read, histograms without suffix; unreadable queries are ignored."""
    return frozenset(split(selector.metric)[0] for selector in _selectors(panel) if selector.metric)


def _answer(panel: Panel, candidates: Iterable[PanelFacts], replaced_by: str) -> Answer:
    upstream_metrics, labels = metrics(panel), _distinguishing_labels(panel)

    def closeness(candidate: PanelFacts) -> tuple[float, ...]:
        shared = len(upstream_metrics & candidate.metrics) / len(upstream_metrics | candidate.metrics)
        return (
            shared
            + 0.5 * (len(labels & candidate.labels) + 1) / (len(labels | candidate.labels) + 1)
            + 0.5 * (candidate.uid == replaced_by),
            SequenceMatcher(None, panel.title.lower(), candidate.title.lower()).ratio(),
        )

    closest = sorted(
        (candidate for candidate in candidates if upstream_metrics & candidate.metrics), key=closeness, reverse=True
    )
    panels = [PanelRef(candidate.uid, candidate.title) for candidate in closest[:MAX_ANSWERS]]
    missing = upstream_metrics - {name for candidate in closest for name in candidate.metrics}
    explained = [alternatives()[name] for name in sorted(missing) if name in alternatives()]
    panels += [reference for alternative in explained for reference in alternative.panels if reference not in panels]
    unanswered = missing - alternatives().keys()
    reasons = [alternative.reason for alternative in explained]
    reasons += [f"none of our boards reads {', '.join(sorted(unanswered))}"] if unanswered else []
    reasons += [] if upstream_metrics else ["its queries name no metric"]
    return Answer(panel, upstream_metrics, tuple(panels), "; ".join(dict.fromkeys(reasons)), unanswered)


def _selectors(panel: Panel) -> list[promql.Selector]:
    """The selectors of the panel's readable queries; their names do not depend on the release."""
    resolved = (resolved_selector for query in panel.queries for resolved_selector in resolve(query.expr, NEWEST))
    return [resolved_selector.selector for resolved_selector in resolved if resolved_selector.selector]


def _distinguishing_labels(panel: Panel) -> frozenset[str]:
    """The matchers of a panel's queries and the words of their legends."""
    matched = {
        f"{matcher.label}{matcher.op}{matcher.value}" for selector in _selectors(panel) for matcher in selector.matchers
    }
    legends = {word for query in panel.queries for word in query.legend.replace("{{", " ").replace("}}", " ").split()}
    return frozenset(matched | legends)
