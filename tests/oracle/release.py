"""A version of Cilium, and the list of releases that the project is made for."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
RELEASES = ROOT / "dashboards_py" / "release.py"
CHARTS = ROOT / "dashboards_py" / "cluster" / "versions.env"


def is_version(text: str) -> bool:
    """Whether that is an exact version: 1.20.2."""
    return re.fullmatch(r"\d+\.\d+\.\d+(-(rc|pre)\.\d+)?", text) is not None


def of(version: str) -> str:
    """The release of an exact version: 1.20."""
    return ".".join(version.split(".")[:2])


def admit(version: str, releases: Path = RELEASES, charts: Path = CHARTS) -> bool:
    """Add the version's release to those that boards are compiled for, with its chart; False where it is known.

    Only the release after the newest can be added: what lies between would be unknown.
    """
    from dashboards_py.errors import DashboardsError

    text = releases.read_text(encoding="utf-8")
    minors = re.search(r"Release\(1, minor\) for minor in range\((\d+), (\d+)\)", text)
    if not minors:
        raise DashboardsError(str(releases), cause="has no range of minor releases", fix="add the release by hand")
    major, minor = (int(part) for part in of(version).split("."))
    if major == 1 and int(minors[1]) <= minor < int(minors[2]):
        return False
    if (major, minor) != (1, int(minors[2])):
        known = f"1.{minors[1]} to 1.{int(minors[2]) - 1}"
        raise DashboardsError(f"Cilium {version}", cause=f"is neither of {known} nor the next release")
    releases.write_text(
        text.replace(minors[0], minors[0].replace(f", {minors[2]})", f", {minor + 1})")), encoding="utf-8"
    )
    pinned = charts.read_text(encoding="utf-8")
    charts.write_text(re.sub(r'^(CILIUM_VERSIONS="[^"]*)"', rf'\1 {version}"', pinned, flags=re.M), encoding="utf-8")
    return True
