"""Documents that hold Grafana dashboards, one file for each format."""

from collections.abc import Iterator, Mapping
from typing import Any, Protocol

from dashboards_py.documents.board_formats._carrier import BoardSource
from dashboards_py.plugins import Plugins

__all__ = ["FORMATS", "BoardFormat", "BoardSource", "board_sources"]


class BoardFormat(Protocol):
    """A format: a function that yields the dashboards in a document of it, and nothing for other documents."""

    def boards(self, document: Mapping[str, Any]) -> Iterator[BoardSource]:
        """The dashboards in the document."""


FORMATS: Plugins[BoardFormat] = Plugins(__name__, __path__, (BoardFormat,))


def board_sources(document: Mapping[str, Any]) -> Iterator[BoardSource]:
    """The dashboards in a document, whatever its format; nothing for a dashboard itself and for other documents."""
    for format_ in FORMATS.load_all().values():
        yield from format_.boards(document)
