"""Documents that hold groups of alerting and recording rules, one file for each format."""

from collections.abc import Iterator, Mapping
from typing import Any, Protocol

from dashboards_py.documents.rule_formats._carrier import GroupSource, Path, Style
from dashboards_py.plugins import Plugins

__all__ = ["FORMATS", "GroupSource", "Path", "RuleFormat", "Style", "group_sources"]


class RuleFormat(Protocol):
    """A format: a function that yields the groups in a document of it, and nothing for other documents."""

    def groups(self, document: Mapping[str, Any]) -> Iterator[GroupSource]:
        """The groups of rules in the document."""


FORMATS: Plugins[RuleFormat] = Plugins(__name__, __path__, (RuleFormat,))


def group_sources(document: Mapping[str, Any]) -> Iterator[GroupSource]:
    """The groups of rules in a document, whatever its format; nothing for other documents."""
    for format_ in FORMATS.load_all().values():
        yield from format_.groups(document)
