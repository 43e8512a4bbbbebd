"""Fields renamed by a regular expression and what takes its place."""

import re
from dataclasses import replace

from dashboards_py.board import fields as json_fields
from dashboards_py.panel_data.frame import Frame
from dashboards_py.panel_data.names import Names
from dashboards_py.panel_data.regexes import slashed_regex
from dashboards_py.panel_data.transformations._transformation import Frames, Json, NotApplied

_GROUP = re.compile(r"\$(?:(\$)|(&)|(`)|(')|([0-9]{1,2})|<([^>]*)>)")


def transform(frames: Frames, options: Json) -> Frames:
    """The frames with the names of the fields that the pattern matches replaced."""
    pattern = json_fields.text(options, "regex") if "regex" in options else "(.*)"
    replacement = json_fields.text(options, "renamePattern") if "renamePattern" in options else "$1"
    regex = slashed_regex(pattern)
    if regex is None:
        raise NotApplied(f"{pattern[:200]!r} is not a valid regular expression")
    count = 0 if pattern.startswith("/") and "g" in pattern.rpartition("/")[2] else 1
    return tuple(_renamed(frame, regex, replacement, count) for frame in frames)


def _renamed(frame: Frame, regex: re.Pattern[str], replacement: str, count: int) -> Frame:
    names = Names((frame,))
    fields = []
    for field in frame.fields:
        name = names.of(field, frame)
        if regex.search(name):
            name = regex.sub(lambda match: _expanded(match, replacement), name, count=count)
            field = replace(field, config=replace(field.config, display_name=name))
        fields.append(field)
    return replace(frame, fields=tuple(fields))


def _expanded(match: re.Match[str], replacement: str) -> str:
    """The replacement with `$1`, `$&`, `$<name>` and their like written out, as String.replace does."""

    def part(reference: re.Match[str]) -> str:
        if reference[1]:
            return "$"
        if reference[2]:
            return match[0]
        if reference[3]:
            return match.string[: match.start()]
        if reference[4]:
            return match.string[match.end() :]
        if reference[6] is not None:
            return (match.groupdict().get(reference[6]) or "") if match.re.groupindex else reference[0]
        return _numbered(match, reference[5], reference[0])

    return _GROUP.sub(part, replacement)


def _numbered(match: re.Match[str], digits: str, text: str) -> str:
    """A group by its number; of two digits only the first counts where there are not so many groups."""
    for length in (len(digits), 1):
        number = int(digits[:length])
        if 1 <= number <= match.re.groups:
            return (match[number] or "") + digits[length:]
    return text
