"""Findings as text for a terminal: one paragraph each."""

from collections.abc import Iterable, Iterator

from dashboards_py.findings.finding import Finding, Severity
from dashboards_py.plural import counted

MOST_PANELS = 3  # that are named


def lines(findings: Iterable[Finding]) -> Iterator[str]:
    """Each finding: how many panels and what is wrong, why, the fix, and some of the panels."""
    for finding in findings:
        # An error needs no word; what is less than one must not look like it.
        severity = f", {finding.severity}" if finding.severity != Severity.ERROR and finding.panels else ""
        yield f"{heading(finding)}{finding.what} [{finding.rule}{severity}]"
        yield from _indented("why: ", finding.why)
        yield from _indented("fix: ", finding.fix)
        if where := some_panels(finding):
            yield f"    in:  {where}"


def heading(finding: Finding) -> str:
    """The beginning of a line: `12 panels: `, or the severity where no panel is concerned; only rules have lines."""
    count = len(finding.panels)
    noun = "rule" if any(location.line for location in finding.locations) else "panel"
    return f"{counted(count, noun)}: " if count else f"{finding.severity}: "


def some_panels(finding: Finding) -> str:
    """The first panels of a finding, and how many more there are."""
    named = [" / ".join(filter(None, (board, " ".join(title.split())))) for board, title in finding.panels]
    more = len(named) - MOST_PANELS
    return "; ".join(named[:MOST_PANELS]) + (f"; and {more} more" if more > 0 else "")


def _indented(head: str, text: str) -> Iterator[str]:
    for number, line in enumerate(text.splitlines()):
        yield f"    {head if not number else ' ' * len(head)}{line}"
