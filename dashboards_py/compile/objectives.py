"""Service levels as alerts on how fast the budget of bad events is spent, in a long and a short window at once.

The short window, a twelfth of the long one, makes an alert resolve soon after the errors end. Factors and windows are
those of "Alerting on SLOs" in Google's Site Reliability Workbook (sre.google/workbook/alerting-on-slos, as in
internal/alert/windows/google-30d.yaml of slok/sloth), for a budget of 30 days: 2 % of it in an hour, 5 % in six hours,
10 % in three days.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from dashboards_py import promql
from dashboards_py.compile.rule_text import WINDOW
from dashboards_py.model import Alert, Objective, RuleGroup, Severity
from dashboards_py.style.shares import share


@dataclass(frozen=True, slots=True)
class Burn:
    """A pace at which the budget is spent: `factor` times what lasts for 30 days."""

    suffix: str
    factor: float
    long: str
    short: str
    hold: str
    severity: Severity


BURNS = (
    Burn("BudgetBurnsFast", 14.4, "1h", "5m", "2m", "critical"),
    Burn("BudgetBurns", 6, "6h", "30m", "15m", "warning"),
    Burn("BudgetBurnsSlowly", 1, "3d", "6h", "1h", "info"),
)


def burn_rate_alerts(group: RuleGroup, promised: Iterable[tuple[str, float]]) -> Iterator[Alert]:
    """The alerts of the group's objectives that are promised, by name with the share of good events."""
    shares = dict(promised)
    for objective in group.objectives:
        if objective.name in shares:
            budget = 1 - shares[objective.name]
            # Not even errors alone spend a large budget at a high pace.
            possible = [burn for burn in BURNS if burn.factor * budget < 1]
            yield from (_alert(objective, budget, burn) for burn in possible)


def _alert(objective: Objective, budget: float, burn: Burn) -> Alert:
    bad = share(objective.bad, objective.total, more_than=objective.floor)
    limit = promql.number_text(round(burn.factor * budget, 10))
    long, short = (bad.replace(WINDOW, window) for window in (burn.long, burn.short))
    promised = promql.number_text(round(1 - budget, 10))
    pace = f"{promql.number_text(burn.factor)} times as fast as the objective of {promised} allows"
    return Alert(
        name=f"{objective.alert}{burn.suffix}",
        exprs=(f"({long}) > {limit} and ({short}) > {limit}",),
        hold=burn.hold,
        severity=burn.severity,
        summary=objective.summary,
        description=f"{{{{ $value | humanizePercentage }}}} of events in {burn.long} were bad, {pace}.",
        action=objective.action,
        panel=objective.panel,
        runbook=f"{objective.alert}Budget",
    )
