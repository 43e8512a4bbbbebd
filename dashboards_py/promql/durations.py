"""Durations in PromQL's notation."""

import re

UNITS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800, "y": 31536000}


def seconds(window: str) -> float:
    """The length of a literal window in seconds, 0 for anything else. Prometheus 3 reads plain numbers as seconds."""
    if re.fullmatch(r"[0-9]{1,12}(\.[0-9]+)?|\.[0-9]+", window):
        return float(window)
    if not re.fullmatch(r"([0-9]{1,12}(ms|[smhdwy]))+", window):
        return 0
    return sum(int(number) * UNITS[unit] for number, unit in re.findall(r"([0-9]+)(ms|[smhdwy])", window))
