"""GrafanaDashboard of grafana-operator: `json`, `gzipJson` or `configMapRef`, with `datasources` for its inputs."""

import base64
import binascii
import zlib
from collections.abc import Iterator, Mapping
from typing import Any

from dashboards_py.documents.board_formats._carrier import BoardSource
from dashboards_py.documents.limits import BOARDS
from dashboards_py.documents.objects import group, mapping, mappings, qualified_name

GROUPS = ("grafana.integreatly.org", "integreatly.org")
ELSEWHERE = {
    "url": "its dashboard is at a URL",
    "grafanaCom": "its dashboard is on grafana.com",
    "jsonnet": "its dashboard is Jsonnet",
    "jsonnetLib": "its dashboard is Jsonnet",
    "uid": "",
}


def boards(document: Mapping[str, Any]) -> Iterator[BoardSource]:
    """The dashboard of the resource."""
    if document.get("kind") != "GrafanaDashboard" or group(document) not in GROUPS:
        return
    name = f"GrafanaDashboard {qualified_name(document)}"
    spec = mapping(document, "spec")
    inputs = _inputs(spec)
    if isinstance(spec.get("json"), str) and spec["json"].strip():
        yield BoardSource(name, "spec.json", text=spec["json"], inputs=inputs)
    elif isinstance(spec.get("gzipJson"), str):
        text, why = _unpacked(spec["gzipJson"])
        yield BoardSource(name, "spec.gzipJson", text=text, why=why, inputs=inputs)
    elif isinstance(spec.get("configMapRef"), Mapping):
        reference = spec["configMapRef"]
        namespace, _, _ = qualified_name(document).rpartition("/")
        config_map = "/".join(filter(None, (namespace, str(reference.get("name", "")))))
        key = str(reference.get("key", ""))
        yield BoardSource(name, "spec.configMapRef", config_map=(config_map, key), inputs=inputs)
    else:
        reason = next((text for key, text in ELSEWHERE.items() if key in spec and text), "it holds no dashboard")
        yield BoardSource(name, "spec", why=reason)


def _inputs(spec: Mapping[str, Any]) -> dict[str, str]:
    """`datasources`: the operator puts a data source's name in the place of `${inputName}`."""
    return {
        str(item["inputName"]): str(item.get("datasourceName", ""))
        for _, item in mappings(spec, "datasources")
        if "inputName" in item
    }


def _unpacked(encoded: str) -> tuple[str | None, str]:
    """The text, or why there is none; no more is unpacked than a dashboard may have."""
    try:
        stream = zlib.decompressobj(zlib.MAX_WBITS | 16)
        content = stream.decompress(base64.b64decode("".join(encoded.split()), validate=True), BOARDS.size + 1)
        if len(content) > BOARDS.size:
            return None, "is larger than a dashboard may be"
        return (content.decode(), "") if stream.eof else (None, "is not gzip in base64: it ends too early")
    except (binascii.Error, zlib.error, UnicodeDecodeError) as error:
        return None, f"is not gzip in base64: {error}"
