"""How long the windows of range selectors are."""

import re

UNITS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800, "y": 31536000}


def seconds(window: str) -> float:
    """How long a written-out window is; 0 where it is none. Prometheus 3 takes plain numbers for seconds."""
    if re.fullmatch(r"[0-9]{1,12}(\.[0-9]+)?", window):
        return float(window)
    if not re.fullmatch(r"([0-9]{1,12}(ms|[smhdwy]))+", window):
        return 0
    return sum(int(number) * UNITS[unit] for number, unit in re.findall(r"([0-9]+)(ms|[smhdwy])", window))
