"""Output that cannot control the terminal: control characters in external texts are escaped."""

import codecs
import io
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TextIO

import click

# C0 except tab and newline, DEL and C1; then characters that reverse the direction of text, so that it misleads a
# reader (https://trojansource.codes), and Unicode's own line breaks.
CONTROL = re.compile("[\0-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")


def visible(text: str) -> str:
    r"""The text with `\u001b` for escape and so on, as JSON writes them, so that JSON keeps its meaning."""
    return CONTROL.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


class Screen(io.TextIOWrapper):
    """Standard output or error with control characters escaped; `original` is the stream before."""

    def __init__(self, original: Any) -> None:
        self.original: TextIO = original
        # Python falls back to ASCII if no locale is set; click then uses UTF-8, and would bypass this class.
        encoding = codecs.lookup(original.encoding or "utf-8").name
        super().__init__(
            original.buffer,
            encoding="utf-8" if encoding == "ascii" else encoding,
            errors="backslashreplace",
            line_buffering=original.line_buffering,
            write_through=original.write_through,
        )

    def write(self, text: str) -> int:
        """Write the text with control characters escaped."""
        super().write(visible(text))
        return len(text)


@contextmanager
def screen() -> Iterator[None]:
    """Make standard output and error escape control characters, until the end of the block."""
    before = sys.stdout, sys.stderr
    shown = [_screened(stream) for stream in before]
    sys.stdout, sys.stderr = shown
    try:
        yield
    finally:
        sys.stdout, sys.stderr = before
        for stream, original in zip(shown, before, strict=True):
            if isinstance(stream, Screen) and stream is not original:
                stream.detach()


def _screened(stream: Any) -> Any:
    """The stream as a Screen; a closed one, a Screen or a stream in memory is returned unchanged."""
    if isinstance(stream, Screen) or not isinstance(stream, io.TextIOWrapper):
        return stream
    stream.flush()
    return Screen(stream)


def terminal() -> TextIO:
    """The original standard error, for output that moves the cursor on purpose: a progress bar."""
    return sys.stderr.original if isinstance(sys.stderr, Screen) else sys.stderr


class ScreenedGroup(click.Group):
    """A group whose output, click's own messages included, goes through a Screen."""

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Run the group as click does."""
        with screen():
            return super().main(*args, **kwargs)
