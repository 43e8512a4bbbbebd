"""A ConfigMap or Secret with values in one of its keys, as `valuesFrom` of Flux and others read them."""

import base64
import binascii
from collections.abc import Iterator, Mapping
from typing import Any

from dashboards_py.documents.value_formats._carrier import Carrier, Layer, is_kind, mapping, qualified_name

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
    if is_kind(document, "ConfigMap", ""):
        return {key: value for key, value in mapping(document, "data").items() if isinstance(value, str)}
    if not is_kind(document, "Secret", ""):
        return {}
    encoded = {key: value for key, value in mapping(document, "data").items() if isinstance(value, str)}
    texts = {key: text for key, value in encoded.items() if (text := _decoded(value)) is not None}
    return {**texts, **{key: value for key, value in mapping(document, "stringData").items() if isinstance(value, str)}}


def _decoded(value: str) -> str | None:
    try:
        return base64.b64decode(value, validate=False).decode()
    except (binascii.Error, UnicodeDecodeError):
        return None
