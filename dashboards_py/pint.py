"""Check alerting and recording rules with Cloudflare's pint, if it is on PATH.

Its checkstyle report (internal/reporter/checkstyle.go in cloudflare/pint) has a line, severity, check and message for
each problem. Laravel's formatter of the same name does not know these options, writes no report, and is ignored.
"""

import json
import re
import subprocess
from collections.abc import Mapping, Sequence
from html import unescape
from pathlib import Path
from shutil import which
from tempfile import TemporaryDirectory

from dashboards_py.documents.rule import Rule

SECONDS = 60
SEVERITIES = frozenset(("fatal", "bug", "warning"))
_ERROR = re.compile(r'<error line="(\d+)" severity="([^"]*)" message="([^"]*)" source="([^"]*)"')


def problems(rules: Sequence[Rule]) -> Mapping[int, tuple[str, ...]]:
    """The check and message of each problem that pint sees in a rule, by its number from 1; empty without pint.

    It is run offline, in a directory without a configuration, so that it asks no Prometheus.
    """
    program = which("pint")
    numbers = [number for number, rule in enumerate(rules, start=1) if not rule.is_grafana]
    if program is None or not numbers:
        return {}
    with TemporaryDirectory() as directory:
        # A rule is one line: JSON is YAML.
        written = ",\n".join(json.dumps(_written(rules[number - 1])) for number in numbers)
        text = f'{{"groups": [{{"name": "rules", "rules": [\n{written}\n]}}]}}\n'
        (Path(directory) / "rules.yaml").write_text(text, encoding="utf-8")
        report = Path(directory) / "report.xml"
        argv = [program, "--offline", "--no-color", "lint", "--checkstyle", str(report), "rules.yaml"]
        try:
            subprocess.run(argv, cwd=directory, capture_output=True, timeout=SECONDS, check=False)
            listed = _ERROR.findall(report.read_text(encoding="utf-8", errors="replace"))
        except (OSError, subprocess.TimeoutExpired):
            return {}
    messages: dict[int, dict[str, None]] = {}
    for line, severity, message, check in listed:
        index = int(line) - 2
        if severity.lower() in SEVERITIES and 0 <= index < len(numbers):
            messages.setdefault(numbers[index], {})[f"{check}: {_first(message)}"] = None
    return {number: tuple(texts) for number, texts in messages.items()}


def _first(message: str) -> str:
    """The text of a message without its details."""
    return " ".join(unescape(message).removeprefix("Text:").partition("Details:")[0].split())


def _written(rule: Rule) -> dict[str, object]:
    labels = {"labels": dict(rule.labels)} if rule.labels else {}
    if not rule.is_alert:
        return {"record": rule.name, "expr": rule.expr, **labels}
    times = {"for": rule.wait, "keep_firing_for": rule.keep_firing_for}
    annotations = {"annotations": dict(rule.annotations)} if rule.annotations else {}
    durations = {key: value for key, value in times.items() if value}
    return {"alert": rule.name, "expr": rule.expr, **durations, **labels, **annotations}
