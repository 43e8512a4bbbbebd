"""A review as text: lines with a sign in front, which a terminal can color."""

from collections.abc import Iterable, Iterator

from dashboards_py.plural import counted
from dashboards_py.review.difference import Alike, Difference, Reviewed, Section, together

ADDED, REMOVED, CHANGED, MOVED, NOTE = "+", "-", "~", ">", "!"
LONGEST = 300  # characters of a text on one line
NOTHING = "(none)"


def lines(sections: Iterable[Section]) -> Iterator[str]:
    """The lines of all sections, each section after an empty line but the first."""
    for number, section in enumerate(together(sections)):
        if number:
            yield ""
        yield heading(section)
        yield from (f"  {NOTE} {effect}" for effect in section.effects)
        for one in section.differences:
            yield from (f"  {line}" for line in difference_lines(one))
        for part in section.grouped():
            if isinstance(part, Alike):
                first, *rest = difference_lines(part.difference)
                yield f"  {CHANGED} {counted(len(part.names), section.part)}: {first}"
                yield from (f"      {line}" for line in (*rest, ", ".join(map(one_line, part.names))))
                continue
            yield f"  {sign(part)} {part_heading(part)}"
            yield from (f"      {NOTE} {effect}" for effect in part.effects)
            if not part.is_removed:
                for one in part.differences:
                    yield from (f"      {line}" for line in difference_lines(one))


def heading(section: Section) -> str:
    """`board cilium-agent (Cilium / Agent): 3 panels changed, 1 added`."""
    state = "new" if section.is_added else "removed" if section.is_removed else ""
    counts = [f"{number} {word}" for word, number in section.counts.items()]
    if counts:
        first, *others = section.counts.items()
        counts = [f"{counted(first[1], section.part)} {first[0]}", *(f"{number} {word}" for word, number in others)]
    if section.differences:
        counts.insert(0, counted(len(section.differences), "setting") + " changed")
    text = ", ".join(counts)
    return f"{section.kind} {one_line(section.name)}: " + "; ".join(filter(None, (state, text)))


def sign(part: Reviewed) -> str:
    """The sign of a part."""
    if part.is_added or part.is_removed:
        return ADDED if part.is_added else REMOVED
    return CHANGED if part.differences or part.was else MOVED


def part_heading(part: Reviewed) -> str:
    """The name of a part, with its earlier one and where it went."""
    was = f" (was {one_line(part.was)})" if part.was else ""
    row = f" (row {one_line(part.row)})" if part.row else ""
    moved = f", moved {one_line(part.moved)}" if part.moved else ""
    return f"{one_line(part.name)}{was}{row}{moved}"


def difference_lines(one: Difference) -> Iterator[str]:
    """A setting on one line if it is short, else with both texts below it."""
    if not one.is_query and "\n" not in one.before + one.after and len(one.before) + len(one.after) < LONGEST:
        yield f"{one.what}: {one_line(one.before) or NOTHING} -> {one_line(one.after) or NOTHING}"
        return
    parts = f": {'; '.join(map(one_line, one.parts))}" if one.parts else ""
    yield f"{one.what}{parts}"
    yield from (f"  {REMOVED} {line}" for line in _below(one.before, is_query=one.is_query))
    yield from (f"  {ADDED} {line}" for line in _below(one.after, is_query=one.is_query))


def _below(text: str, *, is_query: bool) -> list[str]:
    return ([one_line(text)] if text.strip() else []) if is_query else text.splitlines()


def one_line(text: str) -> str:
    """A text without line breaks."""
    return " ".join(text.split())
