"""Check queries with promtool, if it is on PATH, all in one run."""

import json
import re
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from shutil import which
from tempfile import TemporaryDirectory

# The Prometheus that a board is used with may have experimental features enabled. An older promtool only warns about
# unknown names.
FEATURES = (
    "promql-experimental-functions,promql-duration-expr,promql-extended-range-selectors,promql-binop-fill-modifiers"
)
SECONDS = 30
_REFUSED = re.compile(r'^.*?group "g", rule (\d+), "[^"]*": could not parse expression: (.*)$', re.MULTILINE)
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


def _is_text(query: str) -> bool:
    """True if YAML can represent the query; one that it cannot would fail the run for all others."""
    return all(char.isprintable() or char in "\n\t" for char in query)
