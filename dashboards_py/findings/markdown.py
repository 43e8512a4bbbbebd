"""Findings as Markdown, for a pull request or an issue."""

import re
from collections.abc import Iterable, Iterator

from dashboards_py.findings.finding import Finding
from dashboards_py.findings.text import counted

MARKUP = re.compile(r"([\\`*_{}\[\]<>|#~])")


def lines(findings: Iterable[Finding]) -> Iterator[str]:
    """A heading and a list for each finding, with all of its panels folded away."""
    for finding in findings:
        yield f"### {escaped(counted(finding) + finding.what)}"
        yield ""
        yield f"`{finding.rule}`, {finding.severity}"
        yield ""
        if finding.why:
            yield f"- **Why:** {escaped(finding.why)}"
        if finding.fix:
            yield f"- **Fix:** {escaped(finding.fix)}"
        if finding.panels:
            yield ""
            yield f"<details><summary>{len(finding.panels)} panels</summary>"
            yield ""
            for board, title in finding.panels:
                yield f"- {escaped(board)}" + (f" / {escaped(title)}" if title else "")
            yield ""
            yield "</details>"
        yield ""


def escaped(text: str) -> str:
    """A text on one line that means nothing to Markdown."""
    return MARKUP.sub(r"\\\1", " ".join(text.split()))
