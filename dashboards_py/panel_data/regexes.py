"""Regular expressions of JavaScript, as boards hold them, for Python."""

import re
from functools import cache


@cache
def js_regex(pattern: str, flags: str = "") -> re.Pattern[str] | None:
    """The regular expression with JavaScript's flags; None where Python does not know it."""
    inline = "".join(flag for flag in "ims" if flag in flags)  # \d and \w are ASCII's
    try:
        return re.compile(f"(?a{inline})" + re.sub(r"\(\?<(?![=!])", "(?P<", pattern))
    except (re.error, OverflowError, RecursionError):
        return None


def slashed_regex(pattern: str) -> re.Pattern[str] | None:
    """Grafana's stringToJsRegex: `/pattern/flags`, or a pattern for the whole text; None where it is not valid."""
    if not pattern.startswith("/"):
        return js_regex(f"^{pattern}$")
    match = re.fullmatch(r"/(.*?)/(g?i?m?y?s?)", pattern, re.DOTALL)
    return js_regex(match[1], match[2]) if match else None
