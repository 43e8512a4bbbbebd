"""Regular expressions of JavaScript, as boards hold them, for Python."""

import re
from functools import cache

from dashboards_py.regex import linear

# A repeated group, with which Python may take years over a short text.
_REPEATED_GROUP = re.compile(r"\)[*+{]")


@cache
def js_regex(pattern: str, flags: str = "") -> re.Pattern[str] | None:
    """The regular expression with JavaScript's flags; None where it is unknown here.

    One that repeats a group is RE2's, which knows no lookarounds but ends soon.
    """
    inline = "".join(flag for flag in "ims" if flag in flags)
    if _REPEATED_GROUP.search(pattern):
        compiled: re.Pattern[str] | None = linear(pattern, inline)
        return compiled
    try:  # \d and \w are ASCII's
        return re.compile(f"(?a{inline})" + re.sub(r"\(\?<(?![=!])", "(?P<", pattern))
    except (re.error, OverflowError, RecursionError):
        return None


def slashed_regex(pattern: str) -> re.Pattern[str] | None:
    """Grafana's stringToJsRegex: `/pattern/flags`, or a pattern for the whole text; None where it is not valid."""
    if not pattern.startswith("/"):
        return js_regex(f"^{pattern}$")
    match = re.fullmatch(r"/(.*?)/(g?i?m?y?s?)", pattern, re.DOTALL)
    return js_regex(match[1], match[2]) if match else None
