"""What an upgrade changes as findings, in the shape that lint, doctor and verify share."""

from collections.abc import Iterator

from dashboards_py.findings import Finding, Location, Severity
from dashboards_py.upgrade.change import Affected, Effect, Kind
from dashboards_py.upgrade.report import Report

INFO = (Effect.REDEPLOY, Effect.LEFT_OUT)  # what the boards for the release afterwards take care of


def findings(report: Report) -> Iterator[Finding]:
    """One finding for each reason, at all panels and rules that it concerns, then one for each lost Helm value."""
    groups: dict[tuple[Effect, str, str], list[Affected]] = {}
    for one in report.affected:
        groups.setdefault((one.change.effect, one.change.why, one.change.fix), []).append(one)
    for (effect, why, fix), members in groups.items():
        severity = Severity.ERROR if effect.is_fatal else Severity.INFO if effect in INFO else Severity.WARNING
        rule = f"upgrade-{effect.name.lower().replace('_', '-')}"
        yield Finding(rule, severity, f"Cilium {report.step}: {why}", fix=fix, locations=tuple(map(_location, members)))
    for key in report.keys if report.has_values else ():
        severity = Severity.ERROR if key.effect.is_fatal else Severity.WARNING
        yield Finding("upgrade-helm-value", severity, f"{key.key}: {key.why}", fix=key.fix)


def _location(one: Affected) -> Location:
    name = one.name if one.kind is Kind.PANEL else f"{one.kind} {one.name}"
    return Location(one.group, name, file=one.source)
