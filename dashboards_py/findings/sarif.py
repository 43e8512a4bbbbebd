"""Findings as SARIF 2.1.0, which code scanning reads.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/sarif-v2.1.0-os.html: `level` is one of error, warning and note
(3.27.10), and a board is a logical location (3.33). GitHub refuses a whole log if one result has no physical location
("locationFromSarifResult: expected artifact location"; rule GH1001 of microsoft/sarif-sdk): what is in no file has the
board's uid as its file, or that of the cluster, so that a finding keeps its alert from run to run.
"""

import os
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

from dashboards_py.findings.finding import Finding, Location, Severity

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
CLUSTER = "cluster"  # the file of what is about no board: a server, a cluster
LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}


def log(findings: Iterable[Finding], tool: str, version: str) -> dict[str, Any]:
    """A log with one run, and in it a result for each finding."""
    listed = list(findings)
    rules = sorted({finding.rule for finding in listed})
    driver = {"name": tool, "version": version, "rules": [{"id": rule} for rule in rules]}
    results = [_result(finding, rules.index(finding.rule)) for finding in listed]
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [{"tool": {"driver": driver}, "results": results}]}


def _result(finding: Finding, index: int) -> dict[str, Any]:
    fix = finding.fix and f"Fix: {finding.fix}"
    message = ". ".join(part.rstrip(".") for part in (finding.what, finding.why, fix) if part)
    return {
        "ruleId": finding.rule,
        "ruleIndex": index,
        "level": LEVELS[finding.severity],
        "message": {"text": message},
        "locations": [_location(location) for location in finding.locations or (Location(CLUSTER),)],
    }


def _location(location: Location) -> dict[str, Any]:
    logical = [{"name": location.panel or location.board, "fullyQualifiedName": str(location)}]
    artifact = {"uri": quote(os.fsencode(location.file or location.board or CLUSTER))}
    return {
        "physicalLocation": {"artifactLocation": artifact, "region": {"startLine": location.line or 1}},
        "logicalLocations": logical,
    }
