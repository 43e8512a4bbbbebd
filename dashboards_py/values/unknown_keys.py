"""Keys of a user's values that the Cilium chart does not read, and the key that was probably meant.

Also sections that are not maps: Helm takes `hubble:` without a value as null, and removes all the chart has below it.
"""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from functools import cache
from typing import Any

from dashboards_py.catalog.helm_key import helm_keys, helm_sections, keys_of_section, monitoring_keys
from dashboards_py.values.keys import DEFAULTS, HANDLERS, Values, get_value
from dashboards_py.values.placeholders import is_placeholder

# Parts of which the catalogue has all keys.
PARTS = ("hubble", "prometheus", "operator.prometheus", "envoy.prometheus", "clustermesh.apiserver.metrics")
# Keys that many charts have, in parts of which the catalogue does not have all keys.
ELSEWHERE = ("prometheus", "serviceMonitor", "metrics")
NOT_OF_THE_CHART = ("global",)
ALIKE = {"prometheus": "metrics", "metrics": "prometheus"}  # what parts of the chart call it
MOST = 3  # keys that are suggested


def unknown_keys(values: Values) -> Iterator[str]:
    """A sentence for each key about metrics that no release of the chart reads."""
    for key in values:
        if key not in helm_sections() and key not in NOT_OF_THE_CHART:
            yield f"{key} is not a key of the chart{_suggestion(key)}"
    for part in PARTS:
        value: Any = values
        for name in part.split("."):
            value = value.get(name) if isinstance(value, Mapping) else None
        for key in _leaves(value, part) if isinstance(value, Mapping) else ():
            if not _is_known(key) and key not in _sections():
                yield f"{key} is not a key of the chart{_suggestion(key)}"
    yield from _elsewhere(values)
    yield from _no_maps(values, "")
    yield from _no_booleans(values)


def _elsewhere(values: Values) -> Iterator[str]:
    """A sentence for each key about metrics that the chart has in other parts, such as `operator.serviceMonitor`."""
    parts = {part: value for part, value in values.items() if keys_of_section(part)}
    parts["clustermesh.apiserver"] = get_value(values, "clustermesh.apiserver")
    for part, value in parts.items():
        for name in value if isinstance(value, Mapping) and part not in PARTS else ():
            key = f"{part}.{name}"
            if name in ELSEWHERE and not _is_known(key) and key not in _sections():
                yield f"{key} is not a key of the chart{_suggestion(key)}"


def _no_maps(tree: Mapping[str, Any], above: str) -> Iterator[str]:
    """A sentence for each section about metrics that is null or another value than a map."""
    for name, value in tree.items():
        key = f"{above}{name}"
        if key not in _sections():
            continue
        if isinstance(value, Mapping):
            yield from _no_maps(value, f"{key}.")
        elif value is None:
            removed = "Helm removes all that the chart has below it, and cannot render templates that read it"
            yield f"{key} is null: {removed}: leave the key out, or write {key.rpartition('.')[2]}: {{}}"
        else:
            yield f"{key} is not a map, and the chart refuses it: leave the key out, or write what belongs below it"


def _no_booleans(values: Values) -> Iterator[str]:
    """A sentence for each switch about metrics that is neither true nor false: values.schema.json refuses it."""
    for key in _switches():
        value = get_value(values, key)
        if isinstance(value, Mapping):
            meant = _suggestion(f"{key}.{next(iter(value), '')}")
            yield f"{key} is true or false, not a map, and the chart refuses it{meant}"
        elif isinstance(value, str | int | float) and not isinstance(value, bool) and not is_placeholder(value):
            yield f"{key} is {value!r}, and the chart accepts only true and false, without quotes"


@cache
def _switches() -> tuple[str, ...]:
    """The keys that the chart reads as true or false."""
    enabled = {key for key in monitoring_keys() if key.endswith(".enabled") and key != HANDLERS}
    return tuple(sorted(enabled | {key for key, value in DEFAULTS.items() if value is True}))


@cache
def _sections() -> frozenset[str]:
    """The keys about metrics that have others below them in the chart."""
    parts = [known.rstrip(".").split(".") for known in monitoring_keys()]
    return frozenset(".".join(path[:count]) for path in parts for count in range(1, len(path)))


def _leaves(tree: Mapping[str, Any], path: str) -> Iterator[str]:
    """The shortest keys below a path that are not above known ones."""
    for name, value in tree.items():
        key = f"{path}.{name}"
        if isinstance(value, Mapping) and any(known.startswith(f"{key}.") for known in monitoring_keys()):
            yield from _leaves(value, key)
        else:
            yield key


def _is_known(key: str) -> bool:
    """True for a key of the chart, one below a map that users fill, and one that other releases have."""
    known = monitoring_keys()
    parts = key.split(".")
    above = (".".join(parts[:count]) for count in range(1, len(parts) + 1))
    return key in known or any(f"{parent}." in known for parent in above) or key in helm_keys()


def _suggestion(key: str) -> str:
    """The keys of the chart that were probably meant: beside it and almost alike, or elsewhere with the same end."""
    above, _, last = key.rpartition(".")
    paths = _sections() | {known.rstrip(".") for known in monitoring_keys()} | helm_sections()
    siblings = {path.rpartition(".")[2] for path in paths if path.rpartition(".")[0] == above}
    if close := get_close_matches(last, siblings, n=1, cutoff=0.8):
        return f": did you mean {f'{above}.' if above else ''}{close[0]}?"
    if above and last in ALIKE and ALIKE[last] in siblings:
        return f": did you mean {above}.{ALIKE[last]}?"
    parents = {".".join(path.split(".")[:count]) for path in paths for count in range(1, path.count(".") + 2)}
    alike = [path for path in parents if path.rpartition(".")[2] == last and path != key]
    first = key.partition(".")[0]
    alike.sort(key=lambda path: (path.partition(".")[0] != first, path.count("."), path))
    same = [path for path in alike if path.partition(".")[0] == first] or alike
    return f": did you mean {' or '.join(same[:MOST])}?" if same else ""
