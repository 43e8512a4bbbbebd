"""The functions with which alerts are written."""

from typing import TypedDict, Unpack

from dashboards_py.model import Alert, Level, PanelLink, RuleGroup, Severity


class _Options(TypedDict, total=False):
    levels: tuple[Level, ...]
    window: str
    keep_firing_for: str
    classic_only: bool


def alert(
    name: str,
    *exprs: str,
    above: Level | None = None,
    below: Level | None = None,
    hold: str,
    severity: Severity,
    summary: str,
    description: str,
    action: str,
    panel: PanelLink,
    **options: Unpack[_Options],
) -> Alert:
    """An alert that fires while one of `exprs` is at least `above`, or less than `below`, for as long as `hold`.

    Without a level the expressions compare by themselves. The fields are those of model/rule.py.
    """
    return Alert(
        name=name,
        exprs=exprs,
        limit=above or below,
        below=below is not None,
        hold=hold,
        severity=severity,
        summary=summary,
        description=description,
        action=action,
        panel=panel,
        **options,
    )


def panel(uid: str, title: str, **variables: str) -> PanelLink:
    """The panel that shows it; `node="node"` sets the board's `$node` to the label `node` of the alert."""
    return PanelLink(uid=uid, title=title, variables=variables)


def group(name: str, *alerts: Alert, interval: str = "") -> RuleGroup:
    """Alerts that are evaluated together."""
    return RuleGroup(name=name, alerts=alerts, interval=interval)
