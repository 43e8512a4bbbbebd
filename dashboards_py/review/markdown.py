"""A review as Markdown that fits a comment on a pull request: long parts are folded, the longest left out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from html import escape

from dashboards_py.findings.markdown import escaped, without_references
from dashboards_py.plural import counted
from dashboards_py.review import text
from dashboards_py.review.difference import Alike, Difference, Reviewed, Section, together

LIMIT = 65_536  # characters of a comment on GitHub
FOLDED = 30  # lines of a part that is not folded
LEFT_OUT = "*Left out, since a comment has room for 65,536 characters.*"


@dataclass(frozen=True, slots=True)
class _Block:
    """A part: its heading as Markdown and as plain text, and what is below it."""

    head: str
    body: str = ""
    plain: str = ""

    def __str__(self) -> str:
        if not self.body:
            return f"- {self.head}\n"
        if self.body.count("\n") <= FOLDED or self.body == LEFT_OUT:
            indented = self.body.replace("\n", "\n  ").replace("\n  \n", "\n\n")
            return f"- {self.head}\n\n  {indented}\n"
        summary = without_references(escape(" ".join(self.plain.split())))
        return f"<details><summary>{summary}</summary>\n\n{self.body}\n\n</details>\n"


def markdown(sections: Iterable[Section], limit: int = LIMIT) -> str:
    """All sections; the longest bodies are left out until it has at most `limit` characters, then parts at the end."""
    blocks = [block for section in together(sections) for block in _blocks(section)]
    size = sum(len(str(block)) + 1 for block in blocks)
    for number in sorted(range(len(blocks)), key=lambda number: -len(blocks[number].body)):
        if size <= limit or len(blocks[number].body) <= len(LEFT_OUT):
            break
        shorter = replace(blocks[number], body=LEFT_OUT)
        size += len(str(shorter)) - len(str(blocks[number]))
        blocks[number] = shorter
    return _cut([str(block) for block in blocks], limit)


def _cut(texts: Sequence[str], limit: int) -> str:
    """The texts one after the other; those that do not fit are counted."""
    whole = "\n".join(texts)
    if len(whole) <= limit:
        return whole
    end = "\n*{} more parts do not fit a comment.*\n"
    room = limit - len(end) - 10
    kept: list[str] = []
    for one in texts:
        if room < len(one) + 1:
            break
        kept.append(one)
        room -= len(one) + 1
    return "\n".join(kept) + end.format(len(texts) - len(kept))


def _blocks(section: Section) -> Iterable[_Block]:
    yield _Heading(f"### {escaped(text.heading(section))}")
    for effect in section.effects:
        yield _Block(f"⚠ {escaped(effect)}")
    for one in section.differences:
        first, body = _setting(one)
        yield _Block(first, body, one.what)
    for part in section.grouped():
        if isinstance(part, Alike):
            first, body = _setting(part.difference)
            names = escaped(", ".join(part.names))
            count = counted(len(part.names), section.part)
            yield _Block(f"**{count}** changed: {first}", f"{body}\n\n{names}".strip(), f"{count} changed")
        else:
            yield _of_part(part)


class _Heading(_Block):
    """A heading, which is no item of a list."""

    def __str__(self) -> str:
        return f"{self.head}\n"


def _of_part(part: Reviewed) -> _Block:
    words = {text.ADDED: "added", text.REMOVED: "removed", text.CHANGED: "changed", text.MOVED: "moved"}
    rest = f" {words[text.sign(part)]}"
    rest += f", was {part.was}" if part.was else ""
    rest += f", row {part.row}" if part.row else ""
    rest += f", moved {part.moved}" if part.moved else ""
    name = f"**{escaped(part.name)}** {escaped(rest)}"
    effects = [f"⚠ {escaped(effect)}" for effect in part.effects]
    settings = [] if part.is_removed else [_setting(one) for one in part.differences]
    if len(settings) == 1 and not effects and not settings[0][1]:
        return _Block(f"{name}: {settings[0][0]}")
    plain = f"{text.one_line(part.name)}{rest}"
    return _Block(name, "\n\n".join((*effects, *("\n\n".join(filter(None, one)) for one in settings))), plain)


def _setting(one: Difference) -> tuple[str, str]:
    """A difference on one line, and what stands below it, "" if that is all."""
    first, *below = text.difference_lines(one)
    if not below:
        values = first.removeprefix(f"{one.what}: ")
        return f"{escaped(one.what)}: {_code(values)}", ""
    parts = f": {escaped('; '.join(one.parts))}" if one.parts else ""
    return f"{escaped(one.what)}{parts}", _fenced(line[2:] for line in below)


def _fenced(lines: Iterable[str]) -> str:
    """Lines as a diff, in a fence that is longer than any in them."""
    content = "\n".join(lines)
    fence = "```"
    while fence in content:
        fence += "`"
    return f"{fence}diff\n{content}\n{fence}"


def _code(content: str) -> str:
    """A text as code on one line."""
    ticks = "`"
    while ticks in content:
        ticks += "`"
    space = " " if content.startswith("`") or content.endswith("`") else ""
    return f"{ticks}{space}{content}{space}{ticks}"
