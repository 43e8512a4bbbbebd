"""Findings as JSON, for programs."""

from collections.abc import Iterable
from typing import Any

from dashboards_py.findings.finding import Finding, Location


def listed(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """A list of objects: rule, severity, what, why, fix, and the locations."""
    return [
        {
            "rule": finding.rule,
            "severity": str(finding.severity),
            "what": finding.what,
            "why": finding.why,
            "fix": finding.fix,
            "panels": len(finding.panels),
            "locations": [_location(location) for location in finding.locations],
        }
        for finding in findings
    ]


def _location(location: Location) -> dict[str, str | int]:
    parts = {"file": location.file, "board": location.board, "panel": location.panel, "query": location.query}
    line = {"line": location.line} if location.line else {}
    return {**{name: value for name, value in parts.items() if value}, **line}
