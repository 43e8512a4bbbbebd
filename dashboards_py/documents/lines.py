"""Paths in documents, and the lines at which they are."""

import re
from typing import Any

import yaml

from dashboards_py.documents.text import decode

Path = tuple[str | int, ...]
_STEP = re.compile(r"\[([^\]]*)\]|([^.\[\]]+)")


def path_of(text: str) -> Path:
    """The path in a text such as `spec.sources[0].helm.values` or `data[values.yaml]`."""
    return tuple(
        int(match[1]) if (match[1] or "").isdecimal() else (match[1] if match[1] is not None else match[2])
        for match in _STEP.finditer(text)
    )


class Lines:
    """The lines of a YAML or JSON text, which must have been read within limits before."""

    def __init__(self, source: str | bytes, name: str) -> None:
        self._documents: tuple[Any, ...] = ()
        try:
            text = source.removeprefix("\ufeff") if isinstance(source, str) else decode(source, name)
            nodes = yaml.compose_all(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))
            self._documents = tuple(node for node in nodes if not _is_null(node))
        except (yaml.YAMLError, ValueError, RecursionError):  # such as tabs in JSON, which are not YAML
            self._documents = ()
        self._texts: dict[int, Lines] = {}

    def line(self, document: int, path: Path, inner: Path | None = None) -> int:
        """The line, from 1, of what is at a path of a document; 0 if it is not known.

        `inner` is a path in the document that is the text at `path`. Of a text that is not written as lines, only the
        line is known at which it begins.
        """
        node = self._documents[document] if document < len(self._documents) else None
        for step in path:
            below = _below(node, step)
            if below is None:  # of a merged map (`<<`), or of an object that the caller put together
                break
            node = below
        if node is None:
            return 0
        begin = int(node.start_mark.line) + 1
        if inner is None or not isinstance(node, yaml.ScalarNode) or node.style != "|":
            return begin
        lines = self._texts.setdefault(id(node), Lines(node.value, "text"))
        return begin + lines.line(0, inner)


def _below(node: Any, step: str | int) -> Any:
    """The node below another one, None if there is none; of duplicate keys the last one counts."""
    if isinstance(node, yaml.MappingNode):
        return next((value for key, value in reversed(node.value) if key.value == step), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step]
    return None


def _is_null(node: Any) -> bool:
    return node is None or (isinstance(node, yaml.ScalarNode) and node.tag == "tag:yaml.org,2002:null")
