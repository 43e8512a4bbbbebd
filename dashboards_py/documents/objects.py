"""Objects of Kubernetes as they are read from documents: any value may have a wrong type."""

import base64
import binascii
from collections.abc import Iterator, Mapping
from typing import Any

Object = Mapping[str, Any]
MAPPING = (dict, Mapping)  # most are dicts, and it takes long to find out that a class is a Mapping


def text(source: Any, *keys: str) -> str:
    """The text at nested keys, or ""."""
    value = _at(source, keys)
    return value if isinstance(value, str) else ""


def mapping(source: Any, *keys: str) -> Object:
    """The map at nested keys, or an empty one."""
    value = _at(source, keys)
    return value if isinstance(value, MAPPING) else {}


def mappings(source: Any, key: str) -> Iterator[tuple[int, Object]]:
    """The maps in the list at a key, with their index."""
    items = _at(source, (key,))
    for index, item in enumerate(items if isinstance(items, list) else ()):
        if isinstance(item, MAPPING):
            yield index, item


def _at(source: Any, keys: tuple[str, ...]) -> Any:
    value = source
    for key in keys:
        value = value.get(key) if isinstance(value, MAPPING) else None
    return value


def is_object(document: Object) -> bool:
    """True for a Kubernetes object; values of a chart do not have both keys."""
    return "kind" in document and "apiVersion" in document


def group(document: Object) -> str:
    """The API group of an object; "" is the core group."""
    return str(document.get("apiVersion", "")).rpartition("/")[0]


def is_kind(document: Object, kind: str, api_group: str) -> bool:
    """True for an object of a kind of an API group, in any version."""
    return document.get("kind") == kind and group(document) == api_group


def qualified_name(document: Object) -> str:
    """Namespace and name of an object, as far as it has them."""
    return "/".join(filter(None, (text(document, "metadata", key) for key in ("namespace", "name"))))


def stored_texts(document: Object) -> Iterator[tuple[str, str, str]]:
    """Field, key and text of each text in a ConfigMap or Secret; what is not text is left out."""
    is_secret = is_kind(document, "Secret", "")
    if not is_secret and not is_kind(document, "ConfigMap", ""):
        return
    for field in ("data", "stringData") if is_secret else ("data",):
        for key, value in mapping(document, field).items():
            content = _decoded(value) if is_secret and field == "data" and isinstance(value, str) else value
            if isinstance(content, str):
                yield field, key, content


def _decoded(value: str) -> str | None:
    """The text in base64; what SOPS encrypted stays."""
    if value.startswith("ENC["):
        return value
    try:
        return base64.b64decode(value).decode()
    except (binascii.Error, UnicodeDecodeError):
        return None
