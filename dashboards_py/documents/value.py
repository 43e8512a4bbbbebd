"""Parsed documents, with notes about their anomalies."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from dashboards_py.documents.text import without_surrogates

CONTAINERS = (dict, list)  # a union of them is slower, and an answer of a Prometheus has half a million values
MAX_PATHS = 3  # paths listed in a note
LONGEST_KEY = 60  # characters of a key in a path
SHALLOW = 20  # levels of what is seen to be shallow
BUT_STRUCTURE = bytes({*range(256)} - {*b'[]{}"'})


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed JSON or YAML document.

    `value` consists of dict (with str keys), list, str, int, float, bool and None. Texts can be encoded, and numbers
    fit into a float or are infinite. `notes` are sentences about anomalies such as duplicate keys and NaN.
    """

    name: str
    value: Any
    notes: tuple[str, ...] = ()


def note(fact: str, locations: list[str]) -> tuple[str, ...]:
    """A note that states `fact` with the first few paths that it applies to; () if there are none."""
    more = f" and {len(locations) - MAX_PATHS} more" if len(locations) > MAX_PATHS else ""
    shown = ", ".join(map(without_surrogates, locations[:MAX_PATHS]))
    return (f"{fact}: {shown}{more}",) if locations else ()


def depth_of(value: Any, limit: int) -> int:
    """The number of nested levels of lists and objects; counting stops above `limit`."""
    depth, level = 0, [value] if isinstance(value, dict | list) else []
    while level and depth <= limit:
        depth += 1
        level = [
            child
            for node in level
            for child in (node.values() if isinstance(node, dict) else node)
            if isinstance(child, CONTAINERS)
        ]
    return depth


def is_shallow(content: bytes, limit: int) -> bool:
    """True if valid JSON is seen to have at most `limit` levels, without looking at each of its values.

    Of half a million values that takes a tenth of the time. Without escaped quotes a bracket within a text has an odd
    number of quotes next to it.
    """
    if b'\\"' in content:
        return False
    structure = content.translate(None, delete=BUT_STRUCTURE).replace(b'""', b"")
    for _ in range(min(limit, SHALLOW)):
        # One level at a time: what becomes empty by this is that of the next.
        structure = structure.replace(b"[]", b"0").replace(b"{}", b"0").translate(None, delete=b"0")
    return not structure


def paths(value: Any) -> Iterator[tuple[str, Any]]:
    """All nested values with their paths (`panels[0].title`), outermost first."""
    pending = [("", value)]
    while pending:
        path, node = pending.pop()
        yield path, node
        if isinstance(node, dict):
            pending.extend((step(path, key), child) for key, child in reversed(node.items()))
        elif isinstance(node, list):
            pending.extend((f"{path}[{index}]", node[index]) for index in reversed(range(len(node))))


def step(path: str, key: str) -> str:
    """The path of a key; a long key is truncated."""
    key = key if len(key) <= LONGEST_KEY else f"{key[:LONGEST_KEY]}..."
    return f"{path}.{key}" if path else key


def with_plain_numbers(value: Any) -> Any:
    """The value with integral floats as integers, as Grafana and Helm write them; keys are texts, tuples are lists."""
    if isinstance(value, Mapping):
        return {str(key): with_plain_numbers(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [with_plain_numbers(inner) for inner in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value
