"""Check queries with promtool, if it is on PATH, all in one run."""

import json
import re
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from shutil import which
from tempfile import TemporaryDirectory

from dashboards_py.documents.rule import Rule

# The Prometheus that a board is used with may have experimental features enabled. An older promtool only warns about
# unknown names.
FEATURES = (
    "promql-experimental-functions,promql-duration-expr,promql-extended-range-selectors,promql-binop-fill-modifiers"
)
SECONDS = 30
_REFUSED = re.compile(r'^.*?group "g", rule (\d+), "[^"]*": could not parse expression: (.*)$', re.MULTILINE)
_RULE = re.compile(r'^.*?group "(\d+)", rule 1, "[^"]*": (.*)$', re.MULTILINE)
_DURATION = re.compile(r"0|([0-9]{1,9}(y|w|d|h|m|s|ms))+")
_POSITION = re.compile(r"^(?:\d+:\d+: )?(?:parse error: )?")


def verdicts(queries: Sequence[str]) -> Mapping[str, str]:
    """Promtool's error for each query, "" for a valid one; an empty mapping if promtool is missing or fails."""
    program = which("promtool")
    checked = [query for query in dict.fromkeys(queries) if _is_text(query)]
    if program is None or not checked:
        return {}
    rules = [{"record": f"r{number}", "expr": query} for number, query in enumerate(checked)]
    with TemporaryDirectory() as directory:
        file = Path(directory) / "rules.json"  # JSON is YAML
        file.write_text(json.dumps({"groups": [{"name": "g", "rules": rules}]}), encoding="utf-8")
        argv = [program, f"--enable-feature={FEATURES}", "check", "rules", "--lint=none", str(file)]
        try:
            run = subprocess.run(argv, capture_output=True, text=True, errors="replace", timeout=SECONDS, check=False)
        except (OSError, subprocess.TimeoutExpired):
            return {}
    refused = {
        int(number) - 1: _POSITION.sub("", message) for number, message in _REFUSED.findall(run.stderr + run.stdout)
    }
    if run.returncode and not refused:
        return {}
    return {query: refused.get(number, "") for number, query in enumerate(checked)}


def rule_problems(rules: Sequence[Rule]) -> Mapping[int, str]:
    """Promtool's error for each alerting or recording rule that it refuses, by its number from 1.

    Queries are left to `verdicts`: each rule is checked with another query. Empty if promtool is missing or fails.
    """
    program = which("promtool")
    checked = {number: _as_written(rule) for number, rule in enumerate(rules, start=1) if not rule.is_grafana}
    if program is None or not checked or not all(map(_is_text, _texts_of([*checked.values()]))):
        return {}
    # A group each, so that the error names the rule, and so that no two rules count as duplicates.
    groups = [{"name": str(number), "rules": [rule]} for number, rule in checked.items()]
    output = _run([program, f"--enable-feature={FEATURES}", "check", "rules", "--lint=none"], {"groups": groups})
    if output is None:
        return {}
    problems: dict[int, str] = {}
    for number, message in _RULE.findall(output):
        problems.setdefault(int(number), message.strip())
    return problems


def _as_written(rule: Rule) -> dict[str, object]:
    """A rule as a map for a rule file, with a query that is surely valid."""
    labels = dict(rule.labels)
    if not rule.is_alert:
        return {"record": rule.name, "expr": "1", "labels": labels}
    times = {"for": rule.wait, "keep_firing_for": rule.keep_firing_for}
    # One that is no duration makes promtool refuse the whole file: lint's invalid-rule reports it.
    durations = {key: value for key, value in times.items() if _DURATION.fullmatch(value)}
    return {"alert": rule.name, "expr": "up", "labels": labels, "annotations": dict(rule.annotations), **durations}


def _texts_of(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        value = [*value.keys(), *value.values()]
    if isinstance(value, list):
        for inner in value:
            yield from _texts_of(inner)
    elif isinstance(value, str):
        yield value


def _run(argv: list[str], document: object) -> str | None:
    """The output of promtool on a rule file; None if it cannot be run."""
    with TemporaryDirectory() as directory:
        file = Path(directory) / "rules.json"  # JSON is YAML
        file.write_text(json.dumps(document), encoding="utf-8")
        try:
            run = subprocess.run(
                [*argv, str(file)], capture_output=True, text=True, errors="replace", timeout=SECONDS, check=False
            )
        except (OSError, subprocess.TimeoutExpired):
            return None
    return run.stderr + run.stdout


def _is_text(query: str) -> bool:
    """True if YAML can represent the query; one that it cannot would fail the run for all others."""
    return all(char.isprintable() or char in "\n\t" for char in query)
