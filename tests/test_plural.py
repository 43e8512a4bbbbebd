"""A number agrees with its noun in every message."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from dashboards_py.plural import counted, counted_of, plural_of

PACKAGE = Path(__file__).parents[1] / "dashboards_py"
SOURCES = {path: path.read_text(encoding="utf-8") for path in sorted(PACKAGE.rglob("*.py"))}
# Limits, and a title that is reported because several panels have it.
ALWAYS_SEVERAL = {"{limits.values} values", "{self.limits.values} values", "{count[panel.title]} panels"}
NOT_A_NOUN = "(?!(?:are|for|if|in|is|of|with) )"


@pytest.mark.parametrize(
    ("number", "words", "text"),
    [
        (1, ("panel",), "1 panel"),
        (0, ("panel",), "0 panels"),
        (2, ("query",), "2 queries"),
        (3, ("day",), "3 days"),
        (1, ("panel lacks", "panels lack"), "1 panel lacks"),
        (21, ("panel lacks", "panels lack"), "21 panels lack"),
    ],
)
def test_a_number_with_its_noun(number: int, words: tuple[str, ...], text: str) -> None:
    """One has the singular, every other number the plural, regular or as it is given."""
    assert counted(number, *words) == text


@pytest.mark.fault("1 of 2 targets are down")
@pytest.mark.parametrize(
    ("part", "total", "text"),
    [
        (1, 2, "1 of 2 pods is up"),
        (2, 2, "2 of 2 pods are up"),
        (0, 2, "0 of 2 pods are up"),
        (0, 1, "0 of 1 pod is up"),
    ],
)
def test_some_of_several(part: int, total: int, text: str) -> None:
    """A verb about some agrees with their number, the noun with that of all."""
    assert counted_of(part, total, "pod", "is up", "are up") == text


VERB_AFTER_ALL = re.compile(
    r"""\} of (?:\{counted\([^{}]*['"]\w+ [\w ]+['"]\)\}|\{[^{}]+\} (?:are|is|have|has|was|were|differ)\b)"""
)


@pytest.mark.fault("1 of 2 targets are down")
def test_what_is_said_of_some_agrees_with_them() -> None:
    """A verb after `N of M` goes through `counted_of`: it is about the N."""
    assert [(path.name, match[0]) for path in SOURCES for match in VERB_AFTER_ALL.finditer(SOURCES[path])] == []
    assert VERB_AFTER_ALL.search("{len(down)} of {counted(total, 'target is', 'targets are')} down")
    assert VERB_AFTER_ALL.search("{now} of {wanted} are ready")


def counted_nouns(text: str) -> Iterator[str]:
    """The nouns, in the plural, that a module counts with `counted`."""
    for node in ast.walk(ast.parse(text)) if "counted(" in text else ():
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "counted":
            words = [str(arg.value) for arg in node.args[1:] if isinstance(arg, ast.Constant)]
            plural = words[1].split() if len(words) == 2 else [plural_of(word.split()[-1]) for word in words]
            yield from (word for word in plural[:1] if word.endswith("s"))


def uncounted(text: str, nouns: set[str]) -> list[str]:
    """The numbers in a module's messages that are always followed by a plural."""
    pattern = re.compile(rf"\{{([^{{}}'\"]+)\}} (?:{NOT_A_NOUN}[a-z]+ )?({'|'.join(sorted(nouns))})\b")
    return [match[0] for match in pattern.finditer(text) if not match[1].isupper() and match[0] not in ALWAYS_SEVERAL]


def test_no_message_has_one_panels() -> None:
    """A noun that is counted anywhere is counted everywhere: a number before its plural goes through `counted`."""
    nouns = {noun for text in SOURCES.values() for noun in counted_nouns(text)}
    assert {"panels", "rules", "files", "queries"} <= nouns
    assert [
        f"{path.relative_to(PACKAGE)}: {text}" for path in SOURCES for text in uncounted(SOURCES[path], nouns)
    ] == []
    assert uncounted('f"{len(panels)} more panels"', nouns) == ["{len(panels)} more panels"]
    assert uncounted('f"{MOST} panels, {counted(n, "panel")}"', nouns) == []
