"""Values as `helm get values --all` prints them: the chart's defaults are among them, as if the user had set them."""

from collections.abc import Mapping
from typing import Any

from dashboards_py.catalog.helm_key import helm_sections
from dashboards_py.values.keys import DEFAULTS

# The first line of `helm get values` without -o yaml is a key; with True for --all.
HEADERS = {"USER-SUPPLIED VALUES": False, "COMPUTED VALUES": True}
# Charts have 150 to 174 keys at the top; no one sets so many.
COMPUTED = 100


def computed_sections(values: Mapping[str, Any]) -> bool:
    """True if values have so many of the chart's keys that its defaults must be among them."""
    return len(helm_sections() & values.keys()) >= COMPUTED


def without_defaults(values: Mapping[str, Any], path: str = "") -> dict[str, Any]:
    """The values without those that are the chart's default, as far as they are known, or empty, or off."""
    explicit: dict[str, Any] = {}
    for key, value in values.items():
        dotted = f"{path}.{key}" if path else key
        if isinstance(value, Mapping) and value:
            if inner := without_defaults(value, dotted):
                explicit[key] = inner
        elif dotted in DEFAULTS:
            if value != DEFAULTS[dotted]:
                explicit[key] = value
        elif value not in (None, False, "", [], {}):
            explicit[key] = value
    return explicit
