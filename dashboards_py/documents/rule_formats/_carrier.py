"""A group of rules in a document."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from dashboards_py.documents.objects import mappings

Path = tuple[str | int, ...]


class Style(StrEnum):
    """The notation of the rules of a group."""

    PROMETHEUS = "prometheus"  # `alert` or `record`, with `expr`
    GRAFANA = "grafana"  # `title`, with `data` and `condition`


@dataclass(frozen=True, slots=True)
class GroupSource:
    """A group of rules at a `path` of a document; `document` is the document's kind and name, "" for a plain file.

    Where the value at `path` is itself a text with a document in it, `inner` is the group's path in that document.
    """

    group: Mapping[str, Any]
    path: Path
    document: str = ""
    style: Style = Style.PROMETHEUS
    inner: Path | None = None


def groups_at(value: Any, path: Path, document: str = "") -> Iterator[GroupSource]:
    """The groups of `groups:` below a value at a path: of Prometheus, or of Grafana by how their rules are written."""
    for index, group in mappings(value, "groups"):
        yield GroupSource(group, (*path, "groups", index), document, _style(group))


def groups_in_text(value: Any, path: Path, document: str) -> Iterator[GroupSource]:
    """The groups in a document that was parsed from the text at a path."""
    for source in groups_at(value, (), document):
        yield replace(source, path=path, inner=source.path)


def _style(group: Mapping[str, Any]) -> Style:
    is_grafana = any("data" in rule and "expr" not in rule for _, rule in mappings(group, "rules"))
    return Style.GRAFANA if is_grafana else Style.PROMETHEUS
