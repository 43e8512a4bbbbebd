"""A number agrees with its noun in every message."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from dashboards_py.plural import counted, plural_of

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
