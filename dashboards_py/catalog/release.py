"""The Cilium releases."""

from dashboards_py.release import NEWEST, RELEASES, Release

__all__ = ["NEWEST", "RELEASES", "Release"]
