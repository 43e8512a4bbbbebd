"""ConfigMaps with dashboards, as Grafana's sidecar reads them: one or many keys `*.json`."""

from collections.abc import Iterator, Mapping
from typing import Any

from dashboards_py.documents.board_formats._carrier import BoardSource
from dashboards_py.documents.objects import mapping, qualified_name, stored_texts

LABEL = "grafana_dashboard"  # the sidecar's, unless it is configured otherwise


def boards(document: Mapping[str, Any]) -> Iterator[BoardSource]:
    """Keys that are JSON by their name; all keys if the ConfigMap has the sidecar's label."""
    is_labelled = LABEL in mapping(document, "metadata", "labels")
    name = qualified_name(document)
    for field, key, text in stored_texts(document):
        if key.endswith(".json") or is_labelled:
            shown, path = f"{document['kind']} {name}", f"{field}[{key}]"
            yield BoardSource(shown, path, text=text, config_map=(name, key), is_certain=is_labelled)
