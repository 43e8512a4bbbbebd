"""The version of the Cilium chart that a file belongs to, from Chart.yaml or the name of a parent folder."""

import re
from pathlib import Path

SEMVER = r"v?(?P<numbers>\d{1,9}(?:\.\d{1,9}){1,2})(?:-(?P<pre>[0-9A-Za-z.-]{1,100}))?(?:\+[0-9A-Za-z.-]+)?"
FOLDER = re.compile(rf"(?:.*-)?{SEMVER}")
VERSION = re.compile(SEMVER)
# Top-level keys of Chart.yaml; Helm writes one per line.
NAME_KEY = re.compile(r"^name:\s*[\"']?cilium[\"']?\s*(?:#.*)?$", re.MULTILINE)
VERSION_KEY = re.compile(r"^version:\s*[\"']?([^\s\"'#]+)", re.MULTILINE)
MAX_CHART_YAML = 65_536  # characters read

# The numbers, whether it is a release, and the identifiers of a pre-release, numbers before words.
Precedence = tuple[tuple[int, ...], bool, tuple[tuple[bool, int, str], ...]]
UNKNOWN: Precedence = ((), False, ())


def precedence(path: Path, root: Path) -> Precedence:
    """The precedence of the chart version that a file below `root` belongs to (Semantic Versioning, section 11).

    The version is that of the nearest folder with a version, in the Chart.yaml of a chart `cilium` or in the folder's
    name (`cilium-1.20.0`, `v1.20.0-rc.1`). A file without a version is older than any other.
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
            text = file.read(MAX_CHART_YAML)
    except OSError:
        return ""
    version = VERSION_KEY.search(text)
    return version[1] if version and NAME_KEY.search(text) else ""


def _precedence(match: re.Match[str]) -> Precedence:
    numbers = [int(part) for part in match["numbers"].split(".")]
    parts = match["pre"].split(".") if match["pre"] else []
    identifiers = tuple((not part.isdecimal(), int(part) if part.isdecimal() else 0, part) for part in parts)
    return (*numbers, *[0] * (3 - len(numbers))), not match["pre"], identifiers
