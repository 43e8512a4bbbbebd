"""The order of texts as JavaScript's Intl.Collator has it in English: without case and accents.

Source: the default table of the Unicode Collation Algorithm; tests/panel_data asks Node.
"""

import re
from unicodedata import combining, normalize

Key = tuple[tuple[int, int, str], ...]
# What comes before digits and letters, in order.
_MARKS = "_-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$"
_PARTS = re.compile(r"([0-9]+)|\s+|.", re.DOTALL)
_CHARACTERS = re.compile(r"([0-9])|\s+|.", re.DOTALL)


def natural_key(text: str) -> Key:
    """A key by which texts are sorted, numbers in them by size."""
    return tuple(_part(match) for match in _PARTS.finditer(_plain(text)))


def letter_key(text: str) -> Key:
    """A key by which texts are sorted, numbers in them digit by digit."""
    return tuple(_part(match) for match in _CHARACTERS.finditer(_plain(text)))


def _plain(text: str) -> str:
    return "".join(character for character in normalize("NFKD", text) if not combining(character)).casefold()


def _part(match: re.Match[str]) -> tuple[int, int, str]:
    """A part of a text: white space, marks, numbers, then letters."""
    part = match[0]
    if match[1]:
        digits = part.lstrip("0")
        return 2, len(digits), digits
    if part.isspace():
        return 0, 0, part
    if part in _MARKS:
        return 1, _MARKS.index(part), ""
    return (3, 0, part) if part.isalpha() else (1, len(_MARKS), part)
