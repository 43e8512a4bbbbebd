"""Labels of series as sorted tuples of pairs: hashable, and compared as Prometheus compares them."""

from collections.abc import Collection, Iterable, Mapping

Labels = tuple[tuple[str, str], ...]

NAME, BUCKET = "__name__", "le"
# What an operation that makes another quantity of a metric takes away (schema.IsMetadataLabel).
METADATA = frozenset({NAME, "__type__", "__unit__"})


def of(pairs: Mapping[str, str] | Iterable[tuple[str, str]]) -> Labels:
    """The labels of these pairs; a label without a value does not exist."""
    items = pairs.items() if isinstance(pairs, Mapping) else pairs
    return tuple(sorted(pair for pair in items if pair[1]))


def get(labels: Labels, name: str) -> str:
    """The value of a label, "" without it."""
    for label, value in labels:
        if label == name:
            return value
    return ""


def keep(labels: Labels, names: Collection[str]) -> Labels:
    """Only these labels."""
    return tuple(pair for pair in labels if pair[0] in names)


def drop(labels: Labels, names: Collection[str]) -> Labels:
    """All but these labels."""
    return tuple(pair for pair in labels if pair[0] not in names)


def without_name(labels: Labels) -> Labels:
    """The labels without the metric's name, type and unit."""
    return drop(labels, METADATA)


def replace(labels: Labels, name: str, value: str) -> Labels:
    """The labels with another value of one of them."""
    return of([*drop(labels, (name,)), (name, value)])


def text(labels: Labels) -> str:
    """As an error message prints them."""
    return "{" + ", ".join(f'{name}="{value}"' for name, value in labels) + "}"
