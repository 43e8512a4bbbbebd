"""Our boards and alerts, compiled, from the user's cache if nothing changed that they are compiled from."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dashboards_py.compiled import Compiled, CompiledRules
    from dashboards_py.configuration import Configuration
    from dashboards_py.release import Release

CACHE = "cilium-dashboards"


def our_boards(release: "Release", configuration: "Configuration") -> "tuple[Compiled, ...]":
    """The chosen boards, sorted by uid."""
    from dashboards_py.board_cache import compiled_boards

    return compiled_boards(release, configuration, cache_directory())


def our_board(uid: str, release: "Release", configuration: "Configuration") -> "Compiled":
    """The board with this uid; an unknown one raises DashboardsError, which lists the others."""
    from dashboards_py.board_cache import compiled_board

    return compiled_board(uid, release, configuration, cache_directory())


def our_rules(release: "Release", configuration: "Configuration") -> "CompiledRules":
    """Our alerts, and what the release lacks."""
    from dashboards_py.board_cache import compiled_rules

    return compiled_rules(release, configuration, cache_directory())


def cache_directory() -> Path | None:
    """The directory of the cache, as the XDG Base Directory Specification says; None if there is no home."""
    root = os.environ.get("XDG_CACHE_HOME", "")
    if not Path(root).is_absolute():
        home = os.environ.get("HOME", "")
        root = f"{home}/.cache" if Path(home).is_absolute() else ""
    return Path(root) / CACHE if root else None
