"""Findings as issues of GitLab's Code Quality report, which merge requests show beside the lines.

https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format. A fingerprint is that of one finding at one
location, and does not change with the line, so that an old finding is not shown as new.
"""

from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import Any

from dashboards_py.findings.finding import Finding, Location, Severity

SEVERITIES = {Severity.ERROR: "major", Severity.WARNING: "minor", Severity.INFO: "info"}


def issues(findings: Iterable[Finding]) -> Iterator[dict[str, Any]]:
    """An issue for each location of each finding."""
    for finding in findings:
        for location in finding.locations or (Location("cluster"),):
            parts = (f"{location.panel}: {finding.what}" if location.panel else finding.what, finding.why, finding.fix)
            identity = f"{finding.rule} {location} {finding.what}".encode(errors="surrogateescape")
            yield {
                "description": ". ".join(part.rstrip(".") for part in parts if part),
                "check_name": finding.rule,
                "fingerprint": sha256(identity).hexdigest(),
                "severity": SEVERITIES[finding.severity],
                "location": {
                    "path": location.file or location.board,
                    "lines": {"begin": location.line or 1},
                },
            }
