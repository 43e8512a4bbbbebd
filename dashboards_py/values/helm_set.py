"""Parse `--set`, `--set-string` and `--set-json` as Helm does, so that flags copied from a guide can be checked.

The behaviour is that of Helm 4.3 (pkg/strvals), including its oddities (Helm 3.17 differs in two: it refuses an index
without its end, and a whole object for --set-json): `a={}` is a list with one empty text, `a[0`
sets nothing, and `a.b[1]=x` adds nulls. tests/values/helm_set.json has the results of a real Helm for all forms.
"""

import json
import re
from collections.abc import Mapping, Sequence
from copy import deepcopy
from typing import Any

from dashboards_py.errors import DashboardsError
from dashboards_py.values import go_json
from dashboards_py.values.keys import merge_values

Values = dict[str, Any]
ESCAPE = r"a comma within a value needs a backslash (\,), a list needs braces: key={a,b}"
# Helm's own limits.
MAX_INDEX, MAX_DOTS = 65536, 30
# Our own limit, because nested brackets are parsed recursively; Helm has none.
MAX_DEPTH = 100
# Go's definition of white space; Python's has four control characters more.
BLANKS = "\t\n\v\f\r \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))
WORDS: Mapping[str, Any] = {"true": True, "false": False, "null": None, "0": 0}


class _Invalid(Exception):
    """The reason why Helm rejects a flag."""


def values(flags: Sequence[str]) -> Values:
    """The values of `--set` flags only."""
    return apply({}, set=flags)


def apply(
    base: Mapping[str, Any],
    *,
    set_json: Sequence[str] = (),
    set: Sequence[str] = (),  # noqa: A002 - named as the flag
    set_string: Sequence[str] = (),
) -> Values:
    """Apply flags to the values `base`, in Helm's order: by kind of flag, then as typed.

    Raises DashboardsError for a flag that Helm rejects.
    """
    result: Values = deepcopy(dict(base))
    for kind, flags in (("--set-json", set_json), ("--set", set), ("--set-string", set_string)):
        for flag in flags:
            try:
                if kind == "--set-json" and flag.lstrip(BLANKS).startswith("{"):
                    result = merge_values(result, _json_object(flag))
                else:
                    _Flag(kind, flag).assign(result)
            except _Invalid as error:
                raise DashboardsError(f"{kind} {flag}", cause=str(error), fix=ESCAPE) from error
    return result


def parse_value(text: str) -> Any:
    """Convert a value as Helm does: true, false, null and 64-bit integers; anything else is text."""
    word = text.casefold()
    if word in WORDS:
        return WORDS[word]
    if re.fullmatch(r"[+-][0-9]+|[1-9][0-9]*", text) and len(text) <= 4000 and -(2**63) <= int(text) < 2**63:
        return int(text)
    return text


class _Flag:
    """A parser for one flag, from left to right."""

    def __init__(self, kind: str, text: str) -> None:
        self.kind, self.text, self.at, self.depth = kind, text, 0, 0

    def assign(self, result: Values) -> None:
        """Apply all assignments of the flag to the values."""
        while not self._key(result, 0):
            pass

    def _next(self) -> str:
        """The next character; "" at the end."""
        character = self.text[self.at : self.at + 1]
        self.at += len(character)
        return character

    def _until(self, stops: str) -> tuple[str, str]:
        """The text up to one of `stops`, and that character, or "" at the end. A backslash escapes a character."""
        characters: list[str] = []
        while character := self._next():
            if character in stops:
                return "".join(characters), character
            characters.append(self._next() if character == "\\" else character)
        return "".join(characters), ""

    def _key(self, parent: Values, dots: int) -> bool:
        """Read a key and its value; returns True at the end of the flag. An empty key assigns nothing."""
        key, stop = self._until("=[,.")
        if not stop and not key:
            return True
        if not stop or stop == ",":
            raise _Invalid(f"key {key!r} has no value")
        ended = False
        value: Any
        if stop == "=":
            value, ended = self._value()
        elif stop == "[":
            index = self._index()
            if index is None:
                return True
            value, ended = self._entry(_kind_of(list, parent.get(key, []), key), index, dots)
        else:
            if dots == MAX_DOTS:
                raise _Invalid(f"more than {MAX_DOTS} dots in a key")
            value = _kind_of(dict, parent.get(key, {}), key)
            ended = self._deeper(value, dots + 1)
            if not value:
                if not ended:
                    raise _Invalid(f"nothing is set below the key {key!r}")
                return True
        if key:
            parent[key] = value
        return ended

    def _deeper(self, parent: Values, dots: int) -> bool:
        self._nest()
        ended = self._key(parent, dots)
        self.depth -= 1
        return ended

    def _nest(self) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise _Invalid(f"nested more than {MAX_DEPTH} deep")

    def _index(self) -> int | None:
        """The number before `]`; None if the flag ends earlier."""
        text, stop = self._until("]")
        if not stop:
            return None
        if not re.fullmatch(r"[+-]?[0-9]{1,18}", text):
            raise _Invalid(f"[{text}] is not the index of a list")
        if int(text) < 0:
            raise _Invalid(f"the index [{text}] is negative")
        return int(text)

    def _entry(self, entries: list[Any], index: int, dots: int) -> tuple[list[Any], bool]:
        """Read `=x`, `.key=x` or `[1]=x` after an index; returns the list with that entry, and True at the flag's end.

        If the flag ends without a value, the list is unchanged.
        """
        between, stop = self._until("[.=")
        if between:
            raise _Invalid(f"unexpected {between!r} after [{index}]")
        if not stop:
            return entries, True
        if stop == "=":
            return _with(entries, index, self._value()[0]), False
        old = entries[index] if index < len(entries) else None
        value: Any
        if stop == "[":
            inner = self._index()
            if inner is None:
                return entries, True
            self._nest()
            value, ended = self._entry([] if old is None else _kind_of(list, old, f"[{index}]"), inner, dots)
            self.depth -= 1
        else:
            value = old if isinstance(old, dict) else {}
            if index < len(entries):
                entries[index] = value
            ended = self._deeper(value, dots)
        return (entries, True) if ended else (_with(entries, index, value), False)

    def _value(self) -> tuple[Any, bool]:
        """The value after `=`, and True if Helm stops reading."""
        if self.kind == "--set-json":
            return self._json(), False
        first = self._next()
        if not first:
            return "", True
        if first != "{":
            self.at -= 1
            return self._parse_value(self._until(",")[0]), False
        entries: list[Any] = []
        stop = ","
        while stop == ",":
            text, stop = self._until(",}")
            entries.append(self._parse_value(text))
        if not stop:
            raise _Invalid("its list does not end")
        self._skip(",")
        return entries, False

    def _parse_value(self, text: str) -> Any:
        return text if self.kind == "--set-string" else parse_value(text)

    def _skip(self, character: str) -> None:
        if self.text[self.at : self.at + 1] == character:
            self.at += 1

    def _json(self) -> Any:
        """Read a JSON value and the comma after it; an empty value is null."""
        self._blanks()
        if self.at == len(self.text) or self.text[self.at] == ",":
            self._skip(",")
            return None
        value, self.at = _json(self.text, self.at)
        self._blanks()
        self._skip(",")
        return value

    def _blanks(self) -> None:
        rest = self.text[self.at :]
        self.at += len(rest) - len(rest.lstrip(BLANKS))


def _kind_of(kind: type, value: Any, key: str) -> Any:
    if not isinstance(value, kind):
        raise _Invalid(f"{key} is {json.dumps(value, default=str)} already, not a {'list' if kind is list else 'map'}")
    return value


def _with(entries: list[Any], index: int, value: Any) -> list[Any]:
    """Set an entry of the list; missing entries before it become null."""
    if index > MAX_INDEX:
        raise _Invalid(f"the index [{index}] is above {MAX_INDEX}")
    entries = entries + [None] * (index + 1 - len(entries))
    entries[index] = value
    return entries


def _json_object(flag: str) -> Values:
    value, end = _json(flag, len(flag) - len(flag.lstrip(BLANKS)))
    if rest := flag[end:].strip(BLANKS):
        raise _Invalid(f"unexpected {rest!r} after the JSON")
    return dict(value)


def _json(text: str, start: int) -> tuple[Any, int]:
    try:
        return go_json.read(text, start)
    except ValueError as error:
        raise _Invalid(str(error)) from error
