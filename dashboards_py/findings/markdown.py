"""Findings as Markdown, for a pull request or an issue."""

import re
from collections.abc import Iterable, Iterator

from dashboards_py.findings.finding import Finding
from dashboards_py.findings.text import heading

MARKUP = re.compile(r"([\\`*_{}\[\]<>|#~&])")
# GitHub and GitLab notify whom a text names, and note at an issue that a text has its number.
REFERENCE = re.compile(r"(?<=@)(?=\w)|(?<=[#!])(?=\d)")
NO_WIDTH = "&#8203;"


def lines(findings: Iterable[Finding]) -> Iterator[str]:
    """A heading and a list for each finding, with all of its panels folded away."""
    for finding in findings:
        yield f"### {escaped(heading(finding) + finding.what)}"
        yield ""
        yield f"`{finding.rule}`, {finding.severity}"
        yield ""
        yield from _item("Why", finding.why)
        yield from _item("Fix", finding.fix)
        if finding.panels:
            yield ""
            yield f"<details><summary>{heading(finding).removesuffix(': ')}</summary>"
            yield ""
            for board, title in finding.panels:
                yield f"- {escaped(board)}" + (f" / {escaped(title)}" if title else "")
            yield ""
            yield "</details>"
        yield ""


def _item(name: str, text: str) -> Iterator[str]:
    """A text as an item of the list; one of several lines has them as items of its own."""
    lines_ = [escaped(line) for line in text.splitlines() if line.strip()]
    if len(lines_) == 1:
        yield f"- **{name}:** {lines_[0]}"
    elif lines_:
        yield f"- **{name}:**"
        yield from (f"  - {line}" for line in lines_)


def escaped(text: str) -> str:
    """A text on one line that means nothing to Markdown, and refers to nobody."""
    return without_references(MARKUP.sub(r"\\\1", " ".join(text.split())))


def without_references(markup: str) -> str:
    """Markdown or HTML in which no name notifies anybody, and no number is that of an issue."""
    return REFERENCE.sub(NO_WIDTH, markup)
