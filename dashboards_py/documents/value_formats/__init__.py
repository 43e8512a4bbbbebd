"""Documents that hold the values of a Helm chart, one file for each format."""

from collections.abc import Iterator, Mapping
from typing import Any, Protocol

from dashboards_py.documents.value_formats._carrier import Carrier, Layer, Reference
from dashboards_py.plugins import Plugins

__all__ = ["FORMATS", "Carrier", "Layer", "Reference", "ValueFormat", "carriers"]


class ValueFormat(Protocol):
    """A format: a function that yields the charts' values in a document of it, and nothing for other documents."""

    def carriers(self, document: Mapping[str, Any]) -> Iterator[Carrier]:
        """The values of each chart in the document."""


FORMATS: Plugins[ValueFormat] = Plugins(__name__, __path__, (ValueFormat,))


def carriers(document: Mapping[str, Any]) -> Iterator[Carrier]:
    """The values of each chart in a document, whatever its format; nothing for plain values and other documents."""
    for format_ in FORMATS.load_all().values():
        yield from format_.carriers(document)
