"""Of which version of Cilium's chart a file is: as its Chart.yaml says, or the name of a folder above it."""

import re
from pathlib import Path

SEMVER = r"v?(?P<numbers>\d{1,9}(?:\.\d{1,9}){1,2})(?:-(?P<pre>[0-9A-Za-z.-]{1,100}))?(?:\+[0-9A-Za-z.-]+)?"
FOLDER = re.compile(rf"(?:.*-)?{SEMVER}")
VERSION = re.compile(SEMVER)
# Top-level keys of Chart.yaml; Helm writes them one a line.
NAME_KEY = re.compile(r"^name:\s*[\"']?cilium[\"']?\s*(?:#.*)?$", re.MULTILINE)
VERSION_KEY = re.compile(r"^version:\s*[\"']?([^\s\"'#]+)", re.MULTILINE)
HEAD = 65_536  # a Chart.yaml is smaller, with all its annotations

# The numbers; whether it is a release; then the parts of a pre-release, numbers before words.
Precedence = tuple[tuple[int, ...], bool, tuple[tuple[bool, int, str], ...]]
UNKNOWN: Precedence = ((), False, ())


def precedence(path: Path, root: Path) -> Precedence:
    """How new the chart is that a file below `root` belongs to, by Semantic Versioning's order (semver.org, 11).

    The nearest folder that says a version counts: a Chart.yaml of the chart `cilium` before the folder's own name
    (`cilium-1.20.0`, `v1.20.0-rc.1`). Where none does, it is older than all that do.
    """
    for folder in path.parents:
        match = VERSION.fullmatch(_declared_version(folder / "Chart.yaml")) or FOLDER.fullmatch(folder.name)
        if match:
            return _precedence(match)
        if folder == root:
            break
    return UNKNOWN


def _declared_version(chart: Path) -> str:
    try:
        with chart.open(encoding="utf-8", errors="replace") as file:
            text = file.read(HEAD)
    except OSError:
        return ""
    version = VERSION_KEY.search(text)
    return version[1] if version and NAME_KEY.search(text) else ""


def _precedence(match: re.Match[str]) -> Precedence:
    numbers = [int(part) for part in match["numbers"].split(".")]
    parts = match["pre"].split(".") if match["pre"] else []
    identifiers = tuple((not part.isdecimal(), int(part) if part.isdecimal() else 0, part) for part in parts)
    return (*numbers, *[0] * (3 - len(numbers))), not match["pre"], identifiers
