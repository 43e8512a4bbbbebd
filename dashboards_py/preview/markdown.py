"""Markdown as blocks of text to be wrapped: headings, paragraphs, items of lists, quotes, blocks of code."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.token import Token

_TASK = re.compile(r"\[[ xX]\] ")
# Marks by what they set of a run; each begins with <mark>_open and ends with <mark>_close.
MARKS = {"strong": "is_bold", "link": "is_link", "em": "is_italic", "s": "is_struck"}
_HTML = re.compile(r"<[a-zA-Z!/]")


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of a line in one style."""

    text: str
    is_bold: bool = False
    is_link: bool = False
    is_italic: bool = False
    is_struck: bool = False
    is_code: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """Lines of one kind: `heading` is its level, 0 for other text; `depth` and `bullet` are those of a list's item.

    `quotes` is how many quotes it is in. The runs of a block of code are its lines.
    """

    runs: tuple[Run, ...]
    heading: int = 0
    depth: int = 0
    bullet: str = ""
    quotes: int = 0
    is_code: bool = False


def blocks(text: str) -> Iterator[Block]:
    """The blocks of a Markdown text, in order; HTML is text."""
    heading = quotes = 0
    lists = _Lists()
    for token in _with_rows(_parsed(text)):
        lists.follow(token)
        if token.type == "heading_open":
            heading = int(token.tag[1:])
        elif token.type == "heading_close":
            heading = 0
        elif token.type in ("blockquote_open", "blockquote_close"):
            quotes += token.nesting
        elif token.type == "inline":
            for line in _lines(token.children or []):
                yield Block(tuple(line), heading, len(lists.bullets), lists.bullet(), quotes)
        elif token.type in ("fence", "code_block"):
            lines = tuple(Run(line, is_code=True) for line in token.content.rstrip("\n").split("\n"))
            yield Block(lines, 0, len(lists.bullets), lists.bullet(), quotes, is_code=True)


def not_drawn(text: str) -> Iterator[str]:
    """A sentence for each kind of thing in a Markdown text that is drawn otherwise than in Grafana."""
    tokens = _flat(_parsed(text))
    if any(token.type == "table_open" for token in tokens):
        yield "tables of Markdown are drawn as lines of text"
    if any(before.type == "paragraph_open" and _TASK.match(token.content) for before, token in pairwise(tokens)):
        yield "boxes of tasks are drawn as text"
    if any(token.type == "image" for token in tokens):
        yield "images are drawn as their descriptions"
    if _HTML.search(text) and any(token.type.startswith("html_") for token in _flat(_parsed(text, html=True))):
        yield "HTML is drawn as its source"


def _parsed(text: str, *, html: bool = False) -> list[Token]:
    return MarkdownIt("commonmark", {"html": html}).enable(["table", "strikethrough"]).parse(text)


def _flat(tokens: Sequence[Token]) -> list[Token]:
    """The tokens and those within them."""
    return [token for outer in tokens for token in (outer, *(outer.children or ()))]


def _with_rows(tokens: Sequence[Token]) -> Iterator[Token]:
    """The tokens, those of the cells of a table's row as one."""
    row: list[Token] | None = None
    for token in tokens:
        if token.type == "tr_open":
            row = []
        elif token.type == "tr_close":
            yield Token("inline", "", 0, children=row)
            row = None
        elif row is None:
            yield token
        elif token.type == "inline":
            row += [Token("text", "", 0, content=" | ")] if row else []
            row += token.children or []


@dataclass(slots=True)
class _Lists:
    """The lists that a token is in: the next bullet of each, and the one that is still to be drawn."""

    bullets: list[str] = field(default_factory=list)
    pending: str = ""

    def follow(self, token: Token) -> None:
        """Begin or end a list or an item of one."""
        match token.type:
            case "bullet_list_open":
                self.bullets.append("•")
            case "ordered_list_open":
                self.bullets.append(f"{token.attrGet('start') or 1}.")
            case "bullet_list_close" | "ordered_list_close":
                self.bullets.pop()
            case "list_item_open":
                self.pending = self.bullets[-1]
                if self.pending != "•":
                    self.bullets[-1] = f"{int(self.pending[:-1]) + 1}."

    def bullet(self) -> str:
        """The bullet of this line: only the first of an item has one."""
        bullet, self.pending = self.pending, ""
        return bullet


def _lines(tokens: list[Token]) -> Iterator[list[Run]]:
    depths = dict.fromkeys(MARKS, 0)  # of bold in bold, for example
    line: list[Run] = []
    for token in tokens:
        mark = token.type.rpartition("_")[0]
        style = Run("", **{name: depths[mark] > 0 for mark, name in MARKS.items()})
        if mark in MARKS:
            depths[mark] += token.nesting
        elif token.type == "softbreak":
            line.append(replace(style, text=" "))
        elif token.type == "hardbreak":
            yield line
            line = []
        elif token.content:
            line.append(replace(style, text=token.content, is_code=token.type == "code_inline"))
    yield line
