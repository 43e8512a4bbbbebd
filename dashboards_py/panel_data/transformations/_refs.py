"""Frames by the letter of their query.

Source: packages/grafana-data/src/transformations/matchers/refIdMatcher.ts.
"""

from dashboards_py.panel_data.frame import Frame
from dashboards_py.panel_data.regexes import slashed_regex


def matches_ref(pattern: str, frame: Frame) -> bool:
    """Whether the frame's letter is the pattern, one of `A|B`, or matches `/pattern/`."""
    if pattern.startswith("/"):
        regex = slashed_regex(pattern)
        return frame.ref == pattern if regex is None else regex.search(frame.ref) is not None
    return frame.ref in pattern.split("|")


def joined_refs(name: str, frames: tuple[Frame, ...]) -> str:
    """The letter of a frame that a transformation makes of several."""
    return f"{name}-{'-'.join(frame.ref for frame in frames)}"
