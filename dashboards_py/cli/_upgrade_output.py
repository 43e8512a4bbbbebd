"""Print the report of an upgrade: as text, Markdown, JSON, SARIF or annotations of GitHub."""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import click

from dashboards_py.cli._run import NAME
from dashboards_py.plural import counted

if TYPE_CHECKING:
    from dashboards_py.upgrade.change import Affected
    from dashboards_py.upgrade.report import BoardPlan, Report

MOST = 20  # locations of one reason that a terminal shows


def print_report(report: "Report", output: str) -> None:
    """Print the report in one of FORMATS."""
    for line in FORMATS[output](report):
        click.echo(line)


def headline(report: "Report") -> str:
    """What happens, in one line of numbers."""
    from dashboards_py.upgrade.change import Effect, Kind

    def count(kind: Kind, *effects: Effect) -> int:
        return len({one.where for one in report.affected if one.kind is kind and one.change.effect in effects})

    without_data = (Effect.EMPTY, Effect.CONSTANT)
    numbers = (
        (count(Kind.PANEL, *without_data), "panel goes empty", "panels go empty"),
        (count(Kind.PANEL, Effect.PARTLY), "panel loses a query", "panels lose a query"),
        (count(Kind.ALERT, *without_data), "alert dies", "alerts die"),
        (count(Kind.RECORDING, *without_data), "recording rule dies", "recording rules die"),
        (
            sum(key.effect.is_fatal for key in report.keys) if report.has_values else 0,
            *("of your Helm values is lost", "of your Helm values are lost"),
        ),
    )
    boards, rules = len(report.boards), sum(rules.alerts + rules.recordings for rules in report.rules)
    shown = ", ".join(counted(*number) for number in numbers if number[0]) or "nothing dies"
    looked = counted(boards, "board") + (f", {counted(rules, 'rule')}" if report.rules else "")
    direction = "Downgrade of Cilium" if report.step.is_downgrade else "Cilium"
    return f"{direction} {report.step}: {shown} ({looked})"


def running_text(report: "Report") -> str:
    """What runs now, "" if no Prometheus said so."""
    if not report.running:
        return ""
    versions = ", ".join(f"{one.version} on {counted(one.agents, 'agent')}" for one in report.running)
    several = len({one.release for one in report.running}) > 1
    return f"Running now: {versions}" + (": a rollout is under way, compared is the oldest" if several else "")


def _text(report: "Report") -> Iterator[str]:
    from dashboards_py.cli._upgrade_sections import sections

    yield headline(report)
    if running := running_text(report):
        yield running
    for section in sections(report):
        yield ""
        yield section.title
        for item in section.items:
            yield f"  {item.sentence}" + (f" {item.fix}" if item.fix else "")
            yield from (f"      {location}" for location in item.locations[:MOST])
            if len(item.locations) > MOST:
                yield f"      and {len(item.locations) - MOST} more (all are in --format json)"


def _markdown(report: "Report") -> Iterator[str]:
    from dashboards_py.cli._upgrade_sections import sections
    from dashboards_py.findings.markdown import escaped

    yield f"## {escaped(headline(report))}"
    if running := running_text(report):
        yield from ("", escaped(running))
    for section in sections(report):
        yield from ("", f"### {escaped(section.title)}", "")
        for item in section.items:
            yield f"- {escaped(item.sentence)}" + (f" **{escaped(item.fix)}**" if item.fix else "")
            yield from (f"  - {escaped(location)}" for location in item.locations)


def _json(report: "Report") -> Iterator[str]:
    document = {
        "from": str(report.step.before),
        "to": str(report.step.after),
        "dies": report.is_fatal,
        "running": [{"version": one.version, "agents": one.agents} for one in report.running],
        "boards": [_board(plan) for plan in report.boards],
        "rules": [
            {
                "file": rules.source,
                "alerts": rules.alerts,
                "recording_rules": rules.recordings,
                "unread": rules.unread,
                "changes": [_change(one) for one in rules.affected],
            }
            for rules in report.rules
        ],
        "settings": [{"value": setting.text, "panels": setting.panels} for setting in report.settings],
        "helm": [
            {"key": key.key, "effect": key.effect, "why": key.why, "fix": key.fix, "yours": report.has_values}
            for key in report.keys
        ],
    }
    yield json.dumps(document, indent=2, ensure_ascii=False)


def _board(plan: "BoardPlan") -> dict[str, Any]:
    changes = plan.changes
    return {
        "file": changes.source,
        "board": changes.board.uid or changes.board.title,
        "panels": len(changes.with_data),
        "deploy": plan.when.name.lower().replace("_", "-"),
        "same_json_works_on_both": changes.works_on_both and not plan.empty_after,
        "less_before": plan.empty_until,
        "less_after": plan.empty_after,
        "empty_before": changes.empty_before,
        "unread": changes.unread,
        "changes": [_change(one) for one in changes.affected],
    }


def _change(one: "Affected") -> dict[str, str]:
    change = one.change
    return {
        "kind": one.kind,
        "name": one.name,
        "effect": change.effect.name.lower().replace("_", "-"),
        "what": change.what,
        "why": change.why,
        "fix": change.fix,
    }


def _sarif(report: "Report") -> Iterator[str]:
    from importlib.metadata import version

    from dashboards_py.findings import sarif
    from dashboards_py.upgrade.findings import findings

    yield json.dumps(sarif.log(findings(report), NAME, version(NAME)), indent=2, ensure_ascii=False)


def _github(report: "Report") -> Iterator[str]:
    from dashboards_py.findings import github
    from dashboards_py.upgrade.findings import findings

    yield from github.lines(findings(report))


FORMATS: Mapping[str, Callable[["Report"], Iterator[str]]] = {
    "text": _text,
    "markdown": _markdown,
    "json": _json,
    "sarif": _sarif,
    "github": _github,
}
