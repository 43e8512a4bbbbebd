"""Compile alerts: omit what a release lacks, handle both kinds of histogram, set limits, labels, texts and links."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import cache

from dashboards_py import promql
from dashboards_py.catalog import NEWEST, Release
from dashboards_py.compile import compile_recordings, gate
from dashboards_py.compile.configure import configure
from dashboards_py.compile.histograms import guard, rewrite
from dashboards_py.compile.label_lookup import label_lookup
from dashboards_py.compile.objectives import burn_rate_alerts
from dashboards_py.compile.peers import name_peers_of_group
from dashboards_py.compile.release import remove_missing
from dashboards_py.compile.rule_links import Targets, panel_url
from dashboards_py.compile.rule_text import OF_CLUSTER, WINDOW, rename_labels, template_labels, with_limit
from dashboards_py.compiled import CompiledAlert, CompiledGroup, CompiledRules, RuleOmission
from dashboards_py.configuration import DEFAULTS, Alerts, Chosen, Configuration
from dashboards_py.configuration._table import nearest
from dashboards_py.dashboards import built as built_board
from dashboards_py.dashboards import names as board_names
from dashboards_py.errors import DashboardsError
from dashboards_py.model import Alert, RuleGroup, Unit
from dashboards_py.peer_label import DEFAULT_PEER_LABEL
from dashboards_py.rules import build, names
from dashboards_py.style.alert_limits import ALERT_LIMITS
from dashboards_py.style.limits import LIMITS

CLUSTER = "cluster"


@cache
def compile_rules(release: Release = NEWEST, configuration: Configuration = DEFAULTS) -> CompiledRules:
    """Compile the alerts for the release with the settings of a house; raises DashboardsError, naming the alert.

    The rules that boards read come with them.
    """
    groups = sorted((build(name, release) for name in names()), key=lambda group: group.name)
    alerts = compile_groups(groups, release, configuration)
    return replace(alerts, recording_groups=compile_recordings(release, configuration))


def compile_groups(groups: list[RuleGroup], release: Release, configuration: Configuration = DEFAULTS) -> CompiledRules:
    """Compile these groups; those that are left without an alert are left out."""
    _refuse_unknown(groups, configuration)
    targets = _targets(release, configuration.boards)
    omissions: list[RuleOmission] = []
    compiled = []
    for group in groups:
        named = name_peers_of_group(group, configuration.peer_label or DEFAULT_PEER_LABEL)
        available = tuple(_available(named, release, configuration.alerts, omissions))
        alerts = []
        for alert in available:
            with _named(alert):
                alerts.append(_compile(alert, release, configuration, targets))
        if alerts:
            compiled.append(CompiledGroup(name=group.name, interval=group.interval, alerts=tuple(alerts)))
    return CompiledRules(groups=tuple(compiled), omissions=tuple(omissions))


@cache
def _targets(release: Release, chosen: Chosen) -> Targets:
    newest = [built_board(name, NEWEST) for name in board_names()]
    boards = newest if release == NEWEST else [built_board(name, release) for name in board_names()]
    available = configure(boards, Configuration(boards=chosen))
    return Targets.from_boards(newest, [remove_missing(board, release)[0] for board in available])


def _available(group: RuleGroup, release: Release, settings: Alerts, omissions: list[RuleOmission]) -> Iterator[Alert]:
    """The alerts of the group that are not left out, without expressions that the release cannot answer."""
    for alert in (*group.alerts, *burn_rate_alerts(group, settings.objectives)):
        if alert.name in settings.without:
            continue
        with _named(alert):
            windowed = (expr.replace(WINDOW, alert.window) for expr in alert.exprs)
            reasons_of_each = [tuple(gate.reasons(expr, release)) for expr in windowed]
        missing = list(zip(alert.exprs, reasons_of_each, strict=True))
        exprs = tuple(expr for expr, reasons in missing if not reasons)
        if not exprs:
            causes = dict.fromkeys(text for _, reasons in missing for text in reasons)
            omissions.append(RuleOmission(group.name, alert.name, None, "; ".join(causes)))
            continue
        omissions += [
            RuleOmission(group.name, alert.name, expr, "; ".join(reasons)) for expr, reasons in missing if reasons
        ]
        yield replace(alert, exprs=exprs)


@contextmanager
def _named(alert: Alert) -> Iterator[None]:
    """Errors of its parts name the alert."""
    try:
        yield
    except DashboardsError as error:
        raise DashboardsError(f"alert {alert.name}", cause=f"{error.what} {error.cause}", fix=error.fix) from error


def _compile(alert: Alert, release: Release, configuration: Configuration, targets: Targets) -> CompiledAlert:
    limited = _with_limits(alert, dict(configuration.thresholds))
    windowed = [expr.replace(WINDOW, alert.window) for expr in limited.exprs]
    classic = [] if alert.classic_only else [guard(expr, release) for expr in windowed]
    both = windowed if alert.classic_only else [rewrite(expr, release=release) for expr in windowed]
    exprs = [_compared(limited, expr) for expr in both]
    labels = frozenset.intersection(*(_labels(expr, release) for expr in exprs))
    renamed = configuration.labels.renamed
    settings = configuration.alerts
    expr, classic_expr = (
        promql.rename_labels(text, renamed) if text and renamed else text
        for text in (" or ".join(exprs), " or ".join(_compared(limited, part) for part in classic))
    )
    return CompiledAlert(
        alert=alert.name,
        expr=expr,
        classic_expr=classic_expr,
        hold=dict(settings.hold).get(alert.name, alert.hold),
        keep_firing_for=alert.keep_firing_for,
        labels={"severity": dict(settings.severity).get(alert.name, alert.severity), **dict(settings.labels)},
        annotations={
            key: rename_labels(text, renamed) for key, text in _annotations(limited, labels, settings, targets).items()
        },
        uid=alert.panel.uid,
        panel=alert.panel.title,
        panel_id=targets.ids.get((alert.panel.uid, alert.panel.title), 0),
        levels=tuple(level.qualified_name for level in (*filter(None, (alert.limit,)), *alert.levels)),
    )


def _with_limits(alert: Alert, values: Mapping[str, float]) -> Alert:
    """The alert with the values that a house has set."""
    numbers = [(level.value, values.get(level.qualified_name, level.value)) for level in alert.levels]
    changed = any(old != new for old, new in numbers)
    limit = alert.limit and replace(alert.limit, value=values.get(alert.limit.qualified_name, alert.limit.value))
    exprs = tuple(promql.replace_compared(expr, numbers) for expr in alert.exprs) if changed else alert.exprs
    return replace(alert, limit=limit, exprs=exprs)


def _compared(alert: Alert, expr: str) -> str:
    if alert.limit is None:
        return expr
    operator = "<" if alert.below else ">="
    operand = f"({expr})" if type(promql.parse(expr)).__name__ == "BinaryExpr" else expr
    return f"{operand} {operator} {promql.number_text(alert.limit.value)}"


def _labels(expr: str, release: Release) -> frozenset[str]:
    """The labels of an expression's series; raises DashboardsError unless they are known and keep the cluster."""
    labels = promql.output_labels(promql.parse(expr), label_lookup(release))
    if labels is None:
        raise DashboardsError(f"query {expr!r}", cause="may have any labels", fix="aggregate by those that it needs")
    if CLUSTER not in labels:
        raise DashboardsError(f"query {expr!r}", cause="loses the label cluster", fix="aggregate by (cluster, ...)")
    return labels


def _annotations(alert: Alert, labels: frozenset[str], settings: Alerts, targets: Targets) -> dict[str, str]:
    unit = _unit(alert)
    texts = {
        "summary": f"{with_limit(alert.summary, alert.limit, unit)}{OF_CLUSTER}",
        "description": f"{with_limit(alert.description, alert.limit, unit)} {alert.action}",
    }
    for text in texts.values():
        if missing := sorted(template_labels(text) - labels):
            raise DashboardsError(f"text {text!r}", cause=f"reads the label {missing[0]}, which the query lacks")
    texts["runbook_url"] = f"{settings.runbook_url}/{alert.runbook or alert.name}.md"
    if url := panel_url(alert.panel, targets, settings.grafana_url, labels):
        texts["dashboard_url"] = url
    return texts


def _unit(alert: Alert) -> Unit:
    if alert.limit is None:
        return "none"
    return {**LIMITS, **ALERT_LIMITS}[alert.limit.limit].unit


def _refuse_unknown(groups: list[RuleGroup], configuration: Configuration) -> None:
    """Raise DashboardsError for names twice, and for settings of alerts and objectives that there are not."""
    settings = configuration.alerts
    alerts = [alert.name for group in groups for alert in group.alerts]
    objectives = {item.name: item for group in groups for item in group.objectives}
    everything = [(item.name, 0.99) for item in objectives.values()]
    alerts += [alert.name for group in groups for alert in burn_rate_alerts(group, everything)]
    for name in alerts:
        if alerts.count(name) > 1:
            raise DashboardsError(f"alert {name}", cause="two alerts have this name")
    for name in (*settings.without, *dict(settings.hold), *dict(settings.severity)):
        if name not in alerts:
            what = f"{configuration.source}: alert {name!r}"
            raise DashboardsError(what, cause="no alert has this name", fix=nearest(name, alerts))
    for name, _ in settings.objectives:
        if name not in objectives:
            what = f"{configuration.source}: objectives.{name}"
            raise DashboardsError(what, cause="no objective has this name", fix=nearest(name, objectives))
