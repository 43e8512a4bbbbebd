"""Hubble's handlers in a user's values: the static list, or the dynamic configuration instead of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dashboards_py.catalog import CONTEXT_LABELS, Handler, Release
from dashboards_py.errors import DashboardsError
from dashboards_py.values.keys import HANDLERS, Values, effective_value, get_value, string_list

DYNAMIC = "hubble.metrics.dynamic.enabled"
CONTENT = "hubble.metrics.dynamic.config.content"
CREATES = "hubble.metrics.dynamic.config.createConfigMap"
CONFIG_MAP = "hubble.metrics.dynamic.config.configMapName"
DEFAULT_CONFIG_MAP = "cilium-dynamic-metrics-config"  # the chart's configMapName, 1.17 to 1.20
FILTERS = ("includeFilters", "excludeFilters")
_LABELS = "labelscontext"


@dataclass(frozen=True, slots=True)
class HubbleMetrics:
    """The configured handlers; `key` is where they are.

    `config_map` is the ConfigMap that has them if the values do not hold its content, else "". `both` is True if the
    values have handlers in both forms, which Cilium refuses. `filtered` are handlers that count only some flows, and
    `joined` are labels of a dynamic handler with a character that separates labels only in the static form.
    """

    key: str
    handlers: tuple[Handler, ...]
    config_map: str = ""
    both: bool = False
    filtered: tuple[str, ...] = ()
    joined: tuple[str, ...] = ()

    @property
    def is_dynamic(self) -> bool:
        """True for the dynamic form."""
        return self.key == CONTENT


def is_dynamic(values: Values, release: Release) -> bool:
    """True if the chart configures Hubble's metrics dynamically; that of 1.16 does not know the key."""
    return release >= (1, 17) and bool(effective_value(values, DYNAMIC))


def hubble_metrics(values: Values, release: Release) -> HubbleMetrics:
    """The handlers that the agent reads with these values; raises DashboardsError for values that are none."""
    static = string_list(values, HANDLERS)
    if not is_dynamic(values, release):
        return HubbleMetrics(HANDLERS, tuple(map(Handler.parse, static)))
    if get_value(values, CREATES) is False:
        name = str(get_value(values, CONFIG_MAP) or DEFAULT_CONFIG_MAP)
        return HubbleMetrics(CONTENT, (), config_map=name, both=bool(static))
    entries = dynamic_entries(values)
    filtered = tuple(str(entry["name"]) for entry in entries if any(entry.get(name) for name in FILTERS))
    joined = tuple(
        f"{entry['name']}: {value!r}"
        for entry in entries
        for name, texts in _context_options(entry)
        for value in texts
        if ("," if name.lower() == _LABELS else "|") in value
    )
    handlers = tuple(map(dynamic_handler, entries))
    return HubbleMetrics(CONTENT, handlers, both=bool(static), filtered=filtered, joined=joined)


def dynamic_entries(values: Values) -> Sequence[Mapping[str, Any]]:
    """The entries of `dynamic.config.content`; raises DashboardsError if one is not a map with a name."""
    content = get_value(values, CONTENT)
    if content is None:
        return ()
    entries = content if isinstance(content, list) else [content]
    for entry in entries:
        if not isinstance(entry, Mapping) or not isinstance(entry.get("name"), str) or not entry["name"]:
            fix = "write a list of maps with `name`, such as - name: dns; without one the agent reads none of them"
            raise DashboardsError(CONTENT, cause=f"has an entry without the name of a handler: {entry!r}", fix=fix)
        _context_options(entry)
    return entries


def dynamic_handler(entry: Mapping[str, Any]) -> Handler:
    """A dynamic entry as a handler with the same options."""
    options = (
        f"{name}={(',' if name.lower() == _LABELS else '|').join(texts)}" if texts and texts != [""] else name
        for name, texts in _context_options(entry)
    )
    return Handler(entry["name"], tuple(options))


def dynamic_entry(handler: Handler, original: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """A handler as a dynamic entry; other keys of the `original`, such as its filters, stay."""
    options: list[dict[str, Any]] = []
    for option in handler.options:
        name, _, value = option.partition("=")
        texts = [text for text in value.split("," if name.lower() == _LABELS else "|") if text]
        options.append({"name": name, "values": texts} if texts else {"name": name})
    other_keys = {key: value for key, value in (original or {}).items() if key not in ("name", "contextOptions")}
    return {"name": handler.name, **({"contextOptions": options} if options else {}), **other_keys}


def with_joined_labels(entries: Sequence[str]) -> list[str]:
    """The static entries, with labels in entries of their own put back to the `labelsContext` that they follow.

    In a list they come from an unescaped comma of `--set`, or from a list that was written with one label a line.
    """
    return [whole for whole, _ in joined_entries(entries)]


def joined_entries(entries: Sequence[str]) -> list[tuple[str, range]]:
    """As `with_joined_labels`, each with the indexes of the entries that it was put together from."""
    joined: list[tuple[str, range]] = []
    for index, entry in enumerate(entries):
        whole, parts = joined[-1] if joined else ("", range(0))
        last = whole.rpartition(";")[2].rpartition(":")[2]
        if is_labels(entry) and last.lower().strip().startswith(f"{_LABELS}="):
            joined[-1] = (f"{whole.rstrip(', ')},{entry.strip()}", range(parts.start, index + 1))
        else:
            joined.append((entry, range(index, index + 1)))
    return joined


def is_labels(entry: str) -> bool:
    """True if an entry names no handler but labels of `labelsContext`."""
    return {label.strip() for label in entry.split(",")} <= {*CONTEXT_LABELS}


def _context_options(entry: Mapping[str, Any]) -> list[tuple[str, list[str]]]:
    """The names and values of an entry's options; raises DashboardsError for another shape."""
    options = entry.get("contextOptions") or []
    parsed: list[tuple[str, list[str]]] = []
    for option in options if isinstance(options, list) else [options]:
        texts = option.get("values") or [] if isinstance(option, Mapping) else None
        if not isinstance(option, Mapping) or not isinstance(option.get("name"), str) or not isinstance(texts, list):
            fix = "write - name: labelsContext, with `values` as a list"
            raise DashboardsError(f"{CONTENT}: {entry['name']}", cause=f"has an unreadable option: {option!r}", fix=fix)
        parsed.append((option["name"], [str(text) for text in texts]))
    return parsed
