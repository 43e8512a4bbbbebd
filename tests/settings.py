"""The settings of this checkout: a fork commits its own, and with them the boards and values that they make."""

import os
from pathlib import Path

VARIABLE = "CILIUM_DASHBOARDS_CONFIG"
_FILE = Path(__file__).parents[1] / "cilium-dashboards.toml"
COMMITTED_SETTINGS = str(_FILE) if _FILE.exists() else os.devnull
# Commands that compare what is committed with what the settings make.
COMPARING = ("compile --check", "values --check-written")


def settings_for(line: str) -> dict[str, str]:
    """The environment in which a command is tried: the checkout's settings if it reads what they made, or defaults."""
    return {VARIABLE: COMMITTED_SETTINGS if any(command in line for command in COMPARING) else os.devnull}
