"""Alerts and their groups, independent of a release and of the file that carries them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from dashboards_py.errors import DashboardsError
from dashboards_py.model.panel import require_known
from dashboards_py.model.threshold import Level

Severity = Literal["critical", "warning", "info"]
NAME = re.compile(r"[A-Z][A-Za-z0-9]{2,60}")
DURATION = re.compile(r"([1-9][0-9]*[smhd])+")


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelLink:
    """The panel that shows what an alert is about, by its board's uid and its own title.

    `variables` maps variables of the board to the labels of the alert that set them; `cluster` is set wherever the
    board has that variable.
    """

    uid: str
    title: str
    variables: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """An alert. `exprs` are joined by `or`; one that a release cannot answer is left out.

    `limit` is the level that each of them is compared with: at least its value, or with `below` less. Without one the
    expressions compare by themselves. `levels` are those of other numbers that they compare with. `$__rate_interval`
    stands for `window`.

    `hold` is `for` in Prometheus. In `summary`, `description` and `action` (what to do), `{{ ... }}` is Prometheus'
    template, and `[limit]` the value of `limit`. `runbook` is the name of its page ("": its own).
    `classic_only` queries are not rewritten for native histograms.
    """

    name: str
    exprs: tuple[str, ...]
    limit: Level | None = None
    below: bool = False
    levels: tuple[Level, ...] = ()
    window: str = "5m"
    hold: str
    keep_firing_for: str = ""
    severity: Severity
    summary: str
    description: str
    action: str
    panel: PanelLink
    runbook: str = ""
    classic_only: bool = False

    def __post_init__(self) -> None:
        """Raise DashboardsError, with the alert and the field, for what Prometheus would reject."""
        require_known("severity", self.severity, Severity)
        if not NAME.fullmatch(self.name):
            raise DashboardsError(f"alert {self.name!r}", cause="a name is letters and digits, the first a capital")
        for duration in filter(None, (self.window, self.hold, self.keep_firing_for)):
            if not DURATION.fullmatch(duration):
                raise DashboardsError(f"alert {self.name}", cause=f"{duration!r} is not a duration such as 10m")
        if not self.exprs:
            raise DashboardsError(f"alert {self.name}", cause="has no expression")


@dataclass(frozen=True, slots=True, kw_only=True)
class Objective:
    """A service level: the share of events that are good, of which a house sets how much it promises.

    `bad` and `total` are rates, by `cluster` and perhaps other labels; their windows are `[$__rate_interval]`. Alerts
    compare the share of bad events with the budget, in several windows at once. `name` is that of the setting, `alert`
    the first part of the names of its alerts. `floor` is the rate of `total` from which a share counts.
    """

    name: str
    alert: str
    bad: str
    total: str
    floor: float
    summary: str
    action: str
    panel: PanelLink


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleGroup:
    """Alerts that are evaluated together, every `interval` ("" is Prometheus' default)."""

    name: str
    alerts: tuple[Alert, ...] = ()
    objectives: tuple[Objective, ...] = ()
    interval: str = ""
