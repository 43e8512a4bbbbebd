"""The series `ALERTS` of a scene: what a Prometheus with our rules writes about its series."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from dashboards_py.demo.engine import labels
from dashboards_py.demo.engine.evaluate import Evaluation
from dashboards_py.demo.engine.labels import NAME, Labels
from dashboards_py.demo.engine.matching import Matcher, accepted
from dashboards_py.demo.engine.storage import Block, Selection, Storage
from dashboards_py.demo.engine.syntax import read
from dashboards_py.demo.engine.vector import Grid, Mask
from dashboards_py.promql.durations import seconds

if TYPE_CHECKING:
    from dashboards_py.compiled import CompiledAlert

ALERTS = "ALERTS"
INTERVAL = 60_000  # milliseconds between evaluations
RECENT = 2 * 3600_000  # before the end of a scene: all that happens in one; before that nothing is evaluated


@dataclass(frozen=True, slots=True)
class _Series:
    """A series of ALERTS, and at which evaluations it has a sample."""

    labels: Labels
    present: Mask


@dataclass(eq=False)
class WithAlerts:
    """The series of `storage`, which end at Unix time `end`, and those of the alerts about them."""

    storage: Storage
    end: float

    def select(self, matchers: tuple[Matcher, ...], begin: int, end: int) -> Selection:
        """The series that all the matchers match."""
        names = [matcher for matcher in matchers if matcher.label == NAME]
        if not all(matcher.accepts(ALERTS) for matcher in names):
            return self.storage.select(matchers, begin, end)
        accepts = accepted(matchers)
        alerts = [one for one in self._alerts if accepts(one.labels)]
        others = Selection((), ())
        if all(matcher.op != "=" for matcher in names):
            others = self.storage.select(matchers, begin, end)
        # Names of metrics begin with small letters, so that these come first.
        blocks = [self._block(row, one) for row, one in enumerate(alerts)]
        blocks += [replace(block, rows=block.rows + len(alerts)) for block in others.blocks]
        return Selection((*(one.labels for one in alerts), *others.labels), tuple(blocks))

    def holders(self, label: str) -> tuple[str, ...]:
        """Those of the storage, and alerts, which may have any label."""
        return (ALERTS, *self.storage.holders(label))

    def _block(self, row: int, series: _Series) -> Block:
        """Its samples, and where it ends the markers that Prometheus writes of series that a rule has no more."""
        ended = ~series.present & np.concatenate([[False], series.present[:-1]])
        kept = series.present | ended
        times = self._grid.times[kept]
        return Block(np.array([row], dtype=np.int64), times, np.ones((1, len(times))), ended[kept])

    @cached_property
    def _grid(self) -> Grid:
        last = round(self.end * 1000) // INTERVAL * INTERVAL
        return Grid(last - RECENT, last, INTERVAL)

    @cached_property
    def _alerts(self) -> tuple[_Series, ...]:
        from dashboards_py.compile.rules import compile_rules

        series = (one for alert in compile_rules().alerts for one in self._series(alert))
        return tuple(sorted(series, key=lambda one: one.labels))

    def _series(self, alert: "CompiledAlert") -> Iterator[_Series]:
        evaluation = Evaluation(self.storage, self._grid, self._grid.start, self._grid.end)
        with np.errstate(all="ignore"):
            vector = evaluation.vector(read(alert.expr))
        hold, keep = (round(seconds(text) * 1000) // INTERVAL for text in (alert.hold, alert.keep_firing_for))
        for of, active in zip(vector.labels, vector.present, strict=True):
            own = {**dict(labels.without_name(of)), **alert.labels, "alertname": alert.alert, NAME: ALERTS}
            for state, present in zip(("pending", "firing"), states(active, hold, keep), strict=True):
                if present.any():
                    yield _Series(labels.of({**own, "alertstate": state}), present)


def states(active: Mask, hold: int, keep: int) -> tuple[Mask, Mask]:
    """At which evaluations an alert is pending, and at which it fires, by those at which its expression has it.

    `hold` and `keep` are `for` and `keep_firing_for`, in evaluations (`Eval` in rules/alerting.go).
    """
    pending, firing = np.zeros_like(active), np.zeros_like(active)
    active_since = inactive_since = None
    for index, is_active in enumerate(active.tolist()):
        if is_active:
            active_since, inactive_since = index if active_since is None else active_since, None
        elif active_since is not None and index and firing[index - 1] and keep:
            inactive_since = index if inactive_since is None else inactive_since
            if index - inactive_since >= keep:
                active_since = inactive_since = None
        else:
            active_since = None
        if active_since is not None:
            (firing if index - active_since >= hold or (firing[index - 1] and index) else pending)[index] = True
    return pending, firing
