"""What a board needs, as a value: nothing here reads a query, so that what was worked out before loads quickly."""

from dataclasses import dataclass

from dashboards_py.catalog import Metric


@dataclass(frozen=True, slots=True)
class Need:
    """One metric that a query of a board reads on a release.

    `board` is its uid, or its title if it has none; `panel` is the panel's title, or names the variable or annotation.
    `labels` are labels used by the query that only options of the metric's Hubble handler add.
    """

    board: str
    panel: str
    metric: Metric
    labels: frozenset[str]

    @property
    def where(self) -> str:
        """The board and the panel."""
        return f"{self.board} / {self.panel}"
