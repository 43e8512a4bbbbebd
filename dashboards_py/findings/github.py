"""Findings as GitHub's annotations: commands on standard output of a workflow.

Percent signs and line breaks are escaped, in properties also colons and commas (actions/toolkit,
packages/core/src/command.ts).
"""

from collections.abc import Iterable, Iterator

from dashboards_py.findings.finding import Finding, Severity
from dashboards_py.findings.text import heading

COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def lines(findings: Iterable[Finding]) -> Iterator[str]:
    """One annotation for each finding, at its first file if it has any."""
    for finding in findings:
        location = next((location for location in finding.locations if location.file), None)
        properties = {"title": finding.rule}
        if location is not None:
            properties |= {"file": location.file, **({"line": str(location.line)} if location.line else {})}
        text = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
        fix = finding.fix and f"fix: {finding.fix}"
        message = "\n".join(filter(None, (heading(finding) + finding.what, finding.why, fix)))
        yield f"::{COMMANDS[finding.severity]} {text}::{_data(message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
