"""ConfigMaps with dashboards, as Grafana's sidecar reads them: one or many keys `*.json`."""

import base64
import binascii
from collections.abc import Iterator, Mapping
from typing import Any

from dashboards_py.documents.board_formats._carrier import BoardSource, group, qualified_name

LABEL = "grafana_dashboard"  # the sidecar's, unless it is configured otherwise


def boards(document: Mapping[str, Any]) -> Iterator[BoardSource]:
    """Keys that are JSON by their name; all keys if the ConfigMap has the sidecar's label."""
    if document.get("kind") not in ("ConfigMap", "Secret") or group(document):
        return
    name = f"{document['kind']} {qualified_name(document)}"
    metadata = document.get("metadata")
    labels = metadata.get("labels") if isinstance(metadata, Mapping) else None
    is_labelled = isinstance(labels, Mapping) and LABEL in labels
    for part in ("data", "stringData"):
        texts = document.get(part)
        for key, value in texts.items() if isinstance(texts, Mapping) else ():
            is_encoded = document["kind"] == "Secret" and part == "data" and isinstance(value, str)
            text = _decoded(value) if is_encoded else value
            if isinstance(text, str) and (key.endswith(".json") or is_labelled):
                reference = (qualified_name(document), key)
                yield BoardSource(name, f"{part}[{key}]", text=text, config_map=reference, is_certain=is_labelled)


def _decoded(value: str) -> str | None:
    try:
        return base64.b64decode(value).decode()
    except (binascii.Error, UnicodeDecodeError):
        return None
