"""`--set` as Helm reads it, so that flags copied from a page can be checked as they stand."""

import re
from typing import Any

from dashboards_py.errors import DashboardsError

WORDS: dict[str, Any] = {"true": True, "false": False, "null": None}


def values(flags: tuple[str, ...]) -> dict[str, Any]:
    """The values of `key.path=value,...` flags: `{a,b}` is a list, a backslash takes `,` and `.` their meaning.

    A flag that Helm would not take raises DashboardsError. List places (`key[0]=`) are not read.
    """
    found: dict[str, Any] = {}
    for flag in flags:
        for part in _split(flag, ","):
            key, equals, value = part.partition("=")
            if "[" in key:
                fix = "give the list whole: key={a,b}"
                raise DashboardsError(f"--set {flag}", cause="places of a list (key[0]=) are not read here", fix=fix)
            if value.startswith("{") and not value.endswith("}"):
                raise DashboardsError(f"--set {flag}", cause="its list does not end", fix="close it: key={a,b}")
            if not equals or not key:
                raise DashboardsError(
                    f"--set {flag}",
                    cause=f"{part!r} is no key=value",
                    fix=r"a comma within a value wants a backslash (\,), a list braces: key={a,b}",
                )
            place = found
            *path, last = (_plain(step) for step in _split(key, "."))
            for step in path:
                inner = place.setdefault(step, {})
                if not isinstance(inner, dict):
                    raise DashboardsError(f"--set {flag}", cause=f"{step} holds a value already")
                place = inner
            place[last] = _value(value)
    return found


def _split(text: str, at: str) -> list[str]:
    """Parts between the character where it is not escaped and not within braces."""
    parts, depth, escaped = [""], 0, False
    for character in text:
        if character == at and not depth and not escaped:
            parts.append("")
            continue
        depth += 0 if escaped else (character == "{") - (character == "}")
        escaped = character == "\\" and not escaped
        parts[-1] += character
    return parts


def _value(text: str) -> Any:
    if text.startswith("{") and text.endswith("}"):
        return [_value(part) for part in _split(text[1:-1], ",")] if text != "{}" else []
    if text.lower() in WORDS:
        return WORDS[text.lower()]
    return int(text) if re.fullmatch(r"0|-?[1-9]\d*", text) else _plain(text)


def _plain(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text)
