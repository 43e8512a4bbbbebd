"""Which releases of Cilium run."""

import re
from collections.abc import Mapping

from dashboards_py.catalog import NEWEST, Release
from dashboards_py.doctor.client import Client
from dashboards_py.errors import DashboardsError


def versions(client: Client, now: float, window: str = "") -> Mapping[str, int]:
    """How many agents have each version, by the label of cilium_version; with a window, have had it within that.

    Agents whose series lost the label have none: the label that is missing is a cause of its own.
    """
    series = f"last_over_time(cilium_version[{window}])" if window else "cilium_version"
    try:
        rows = client.counts(f"count by (version) ({series})", now)
    except DashboardsError:
        return {}
    return {version: value for labels, value in rows if (version := labels.get("version"))}


def minor(version: str) -> tuple[int, int] | None:
    """The release of a version such as `1.18.3` or `v1.19.0-rc.1 1234abc`; None for a text that is no version."""
    match = re.match(r"v?(\d{1,4})\.(\d{1,4})(?:\D|$)", version.strip())
    return (int(match[1]), int(match[2])) if match else None


def release_of(counts: Mapping[str, int]) -> Release:
    """The release that most agents have, the newest that is known if none is."""
    by_release = releases_of(counts)
    return max(by_release, key=lambda release: (by_release[release], release), default=NEWEST)


def releases_of(counts: Mapping[str, int]) -> Mapping[Release, int]:
    """How many agents have each of the releases that are known."""
    by_release: dict[Release, int] = {}
    for version, count in counts.items():
        if parsed := minor(version):
            try:
                release = Release.parse(f"{parsed[0]}.{parsed[1]}")
            except DashboardsError:
                continue
            by_release[release] = by_release.get(release, 0) + count
    return by_release
