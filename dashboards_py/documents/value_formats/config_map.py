"""A ConfigMap or Secret with values in one of its keys, as `valuesFrom` of Flux and others read them."""

from collections.abc import Iterator, Mapping
from typing import Any

from dashboards_py.documents.objects import qualified_name, stored_texts
from dashboards_py.documents.value_formats._carrier import Carrier, Layer

ENDINGS = (".yaml", ".yml", "values")


def carriers(document: Mapping[str, Any]) -> Iterator[Carrier]:
    """A carrier for each key that may hold values: their content decides."""
    for key, content in contents(document).items():
        if key.endswith(ENDINGS):
            kind = str(document["kind"])
            layer = Layer(f"data[{key}]", text=content)
            yield Carrier(kind, qualified_name(document), "", (), (layer,), f"data[{key}]")


def contents(document: Mapping[str, Any]) -> dict[str, str]:
    """The texts of a ConfigMap or Secret by key; what is not text is left out."""
    return {key: text for _, key, text in stored_texts(document)}
