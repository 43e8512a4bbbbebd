"""What a reviewer wants to know of two versions of boards, rules and values, as values."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from dashboards_py.board import Panel

ALIKE = 3  # parts that are shown as one


@dataclass(frozen=True, slots=True)
class Difference:
    """A setting before and after, "" where there is none.

    `what` names the setting; `parts` are the parts of a query that differ, a sentence each. `is_query` if it holds
    PromQL.
    """

    what: str
    before: str = ""
    after: str = ""
    parts: tuple[str, ...] = ()
    is_query: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewed:
    """A panel, rule or part of the values before and after.

    `was` is its earlier name, "" if it is the same or new; `row` is that of a panel that is new or gone, `moved` where
    one went, "" if it stayed; `is_added` and `is_removed` say that there was none, or is
    none any more. `effects` are sentences on what the change means for Cilium. `before` and `after` are the panels.
    """

    name: str
    was: str = ""
    is_added: bool = False
    is_removed: bool = False
    row: str = ""
    moved: str = ""
    differences: tuple[Difference, ...] = ()
    effects: tuple[str, ...] = ()
    before: Panel | None = None
    after: Panel | None = None


@dataclass(frozen=True, slots=True)
class Alike:
    """Parts, by name, of which one setting alone changed, and in all alike."""

    names: tuple[str, ...]
    difference: Difference


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A board, a group of rules or a file of values: what differs of the whole, and of its parts.

    `kind` is board, rules or values; `part` is the word for one of the parts. `effects` are sentences on the whole.
    """

    kind: str
    name: str
    part: str
    is_added: bool = False
    is_removed: bool = False
    differences: tuple[Difference, ...] = ()
    parts: tuple[Reviewed, ...] = ()
    effects: tuple[str, ...] = ()

    @property
    def is_different(self) -> bool:
        """True if there is anything to review."""
        return bool(self.is_added or self.is_removed or self.differences or self.parts)

    def grouped(self) -> "Iterator[Reviewed | Alike]":
        """The parts in order; those of which one setting alone changed, and in all alike, are one."""
        sole = [_sole(part) for part in self.parts]
        written: set[Difference] = set()
        for part, one in zip(self.parts, sole, strict=True):
            if one is None or sole.count(one) < ALIKE:
                yield part
            elif one not in written:
                written.add(one)
                names = tuple(other.name for other, same in zip(self.parts, sole, strict=True) if same == one)
                yield Alike(names, one)

    @property
    def counts(self) -> dict[str, int]:
        """How many parts were changed, moved only, added and removed; those that are none are left out."""
        numbers = {
            "changed": sum(bool(part.differences or part.was) for part in self._remaining),
            "moved": sum(bool(part.moved) and not (part.differences or part.was) for part in self._remaining),
            "added": sum(part.is_added for part in self.parts),
            "removed": sum(part.is_removed for part in self.parts),
        }
        return {word: number for word, number in numbers.items() if number}

    @property
    def _remaining(self) -> tuple[Reviewed, ...]:
        return tuple(part for part in self.parts if not part.is_added and not part.is_removed)


def together(sections: Iterable[Section]) -> list[Section]:
    """The sections in order; those that say the same, as of one set of rules in several formats, are one."""
    result: list[Section] = []
    contents: list[Section] = []
    for section in sections:
        content = replace(section, name="")
        if content in contents:
            same = contents.index(content)
            result[same] = replace(result[same], name=f"{result[same].name}, {section.name}")
        else:
            result.append(section)
            contents.append(content)
    return result


def _sole(part: Reviewed) -> Difference | None:
    """The only change of a part; None if there are others, or it is a query."""
    alone = not (part.is_added or part.is_removed or part.was or part.moved or part.effects)
    return part.differences[0] if alone and len(part.differences) == 1 and not part.differences[0].is_query else None
