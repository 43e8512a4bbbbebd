"""Read values of an expected type from untrusted JSON: other types give a default, never an exception."""

import math
from collections.abc import Iterator, Mapping
from typing import Any

from dashboards_py.documents import objects

Json = Mapping[str, Any]
mapping, MAPPING = objects.mapping, objects.MAPPING
# Types of other data sources whose targets also have an `expr`.
OTHER_LANGUAGES = {"loki", "victoriametrics-logs-datasource", "__expr__"}


def text(source: Json, key: str) -> str:
    """The text at `key`, or ""."""
    value = source.get(key)
    return value if isinstance(value, str) else ""


def integer(source: Json, key: str, default: int = 0) -> int:
    """The integer at `key`, or `default`."""
    value = source.get(key)
    return (
        int(value) if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 2**53 else default
    )


def number(source: Json, key: str) -> float | None:
    """The number at `key`, or None; infinity if it is too large for a float."""
    value = source.get(key)
    if not isinstance(value, int | float) or isinstance(value, bool):
        return None
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf


def flag(source: Json, key: str) -> bool:
    """True if `key` is true."""
    return source.get(key) is True


def mappings(source: Json, key: str) -> Iterator[Json]:
    """The objects in the list at `key`; other items are skipped."""
    items = source.get(key)
    return (item for item in items if isinstance(item, MAPPING)) if isinstance(items, list) else iter(())


def texts(source: Json, key: str) -> tuple[str, ...]:
    """The texts in the list at `key`."""
    items = source.get(key)
    return tuple(item for item in items if isinstance(item, str)) if isinstance(items, list) else ()


def datasource(source: Json) -> str | None:
    """The uid or name of `datasource`, which may be a text or an object; None if there is none."""
    value = source.get("datasource")
    if isinstance(value, str):
        return value or None
    return (text(value, "uid") or None) if isinstance(value, MAPPING) else None


def other_language(*sources: Json) -> bool:
    """True if `expr` is not PromQL, according to the first of the sources that states its data source's type."""
    types = (text(mapping(source, "datasource"), "type") for source in sources)
    return next(filter(None, types), "") in OTHER_LANGUAGES
