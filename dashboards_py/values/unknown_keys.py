"""Keys of a user's values that the Cilium chart does not read, and the key that was probably meant."""

from collections.abc import Iterator, Mapping
from typing import Any

from dashboards_py.catalog.helm_key import helm_keys, helm_sections, monitoring_keys
from dashboards_py.values.keys import Values

# Parts of which the catalogue has all keys.
PARTS = ("hubble", "prometheus", "operator.prometheus", "envoy.prometheus", "clustermesh.apiserver.metrics")
NOT_OF_THE_CHART = ("global",)
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
            if not _is_known(key):
                yield f"{key} is not a key of the chart{_suggestion(key)}"


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
    """The keys of the chart that end alike."""
    last = key.rpartition(".")[2]
    paths = {known.rstrip(".") for known in monitoring_keys()}
    parents = {".".join(path.split(".")[:count]) for path in paths for count in range(1, path.count(".") + 2)}
    alike = [path for path in parents if path.rpartition(".")[2] == last and path != key]
    first = key.partition(".")[0]
    alike.sort(key=lambda path: (path.partition(".")[0] != first, path.count("."), path))
    same = [path for path in alike if path.partition(".")[0] == first] or alike
    return f": did you mean {' or '.join(same[:MOST])}?" if same else ""
