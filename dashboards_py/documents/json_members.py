"""Objects in a JSON text with the positions of their members, to change some and leave the rest byte by byte."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+', re.S)

Change = Callable[[Mapping[str, Any]], Mapping[str, Any] | None]


@dataclass(frozen=True, slots=True)
class Member:
    """A member of an object: its key, and where key and value begin and the value ends."""

    key: str
    start: int
    value: int
    end: int


@dataclass(frozen=True, slots=True)
class Span:
    """An object in a text: where it begins and ends, and its members.

    `key` is that of the member whose value it is, or with `in_list` of the list whose item it is; "" if there is none.
    """

    start: int
    end: int
    members: tuple[Member, ...]
    key: str
    in_list: bool


@dataclass(slots=True)
class _Open:
    """An object or list whose end is not read yet."""

    start: int
    is_object: bool
    key: str
    members: list[Member]
    pending: tuple[str, int] | None = None  # the key that was read, and where it begins
    value: int = -1


def objects(text: str) -> Iterator[Span]:
    """The objects of a valid JSON text, inner ones first."""
    stack: list[_Open] = []
    end = 0
    for token in TOKEN.finditer(text):
        sign, top = token[0], stack[-1] if stack else None
        if sign in "}],":
            if top and top.is_object and top.pending:
                top.members.append(Member(top.pending[0], top.pending[1], top.value, end))
                top.pending = None
        elif top and top.is_object and sign != ":":
            if top.pending is None:
                top.pending = (json.loads(sign, strict=False) if "\\" in sign else sign[1:-1], token.start())
            else:
                top.value = token.start()
        end = token.end()
        if sign in ("{", "["):
            key = top.pending[0] if top and top.pending else ""
            stack.append(_Open(token.start(), sign == "{", key, []))
        elif sign in ("}", "]"):
            closed = stack.pop()
            if closed.is_object:
                in_list = bool(stack) and not stack[-1].is_object
                key = stack[-1].key if in_list else closed.key
                yield Span(closed.start, token.end(), tuple(closed.members), key, in_list)


def with_changed_objects(text: str, is_candidate: Callable[[str, bool], bool], change: Change) -> str:
    """The text with each candidate for which `change` returns another object, in its place.

    `is_candidate` takes `key` and `in_list` of a Span; candidates are not within each other. What stays the same is not
    written again. Raises ValueError if anything else would change.
    """
    changed: list[tuple[int, int, str]] = []
    for span in objects(text):
        if span.members and is_candidate(span.key, span.in_list):
            new = change(json.loads(text[span.start : span.end], strict=False))
            if new is not None:
                changed.append((span.start, span.end, _rewritten(text, span, new)))
    result = text
    for start, end, replacement in sorted(changed, reverse=True):
        result = result[:start] + replacement + result[end:]
    if changed and json.loads(result, strict=False) != _changed(json.loads(text, strict=False), is_candidate, change):
        raise ValueError("more than the objects would change")
    return result


def _changed(value: Any, is_candidate: Callable[[str, bool], bool], change: Change, key: str = "") -> Any:
    """The same change of a parsed text."""
    if isinstance(value, list):
        return [_item(item, is_candidate, change, key, in_list=True) for item in value]
    if isinstance(value, dict):
        return {name: _item(inner, is_candidate, change, name, in_list=False) for name, inner in value.items()}
    return value


def _item(value: Any, is_candidate: Callable[[str, bool], bool], change: Change, key: str, *, in_list: bool) -> Any:
    if isinstance(value, dict) and value and is_candidate(key, in_list) and (new := change(value)) is not None:
        return new
    return _changed(value, is_candidate, change, "" if in_list and isinstance(value, list) else key)


def _rewritten(text: str, span: Span, new: Mapping[str, Any]) -> str:
    """An object's text with other members: those that stay in their order, others where the alphabet has them."""
    lead, tail = text[span.start + 1 : span.members[0].start], text[span.members[-1].end : span.end - 1]
    colon = re.sub(r'^"(?:[^"\\]|\\.)*"', "", text[span.members[0].start : span.members[0].value])
    second = span.members[1].start if len(span.members) > 1 else span.members[0].end + 1
    separator = lead if "\n" in lead else text[span.members[0].end + 1 : second]
    step = lead.rpartition("\n")[2][len(tail.rpartition("\n")[2]) :] if "\n" in lead else None
    item_separator = "," if step is not None else f",{separator}"

    def written(key: str) -> str:
        value = json.dumps(new[key], indent=step, separators=(item_separator, colon), ensure_ascii=text.isascii())
        return json.dumps(key, ensure_ascii=text.isascii()) + colon + value.replace("\n", lead)

    members = {
        member.key: text[member.start : member.end]
        if json.loads(text[member.value : member.end], strict=False) == new[member.key]
        else written(member.key)
        for member in span.members
        if member.key in new
    }
    for key in sorted(new.keys() - members.keys()):
        later = next((other for other in members if other > key), None)
        rows = list(members.items())
        index = len(rows) if later is None else list(members).index(later)
        members = dict([*rows[:index], (key, written(key)), *rows[index:]])
    return "{" + lead + f",{separator}".join(members.values()) + tail + "}"
