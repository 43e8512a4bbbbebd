"""The numbers with which queries compare, from the table of limits."""

from dashboards_py.style.limits import LIMITS


def limit(level: str) -> float:
    """The value of a level such as "map-pressure.critical"."""
    name, _, which = level.partition(".")
    return next(item.value for item in LIMITS[name].levels if item.name == which)
