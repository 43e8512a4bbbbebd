"""Parse JSON within limits."""

import json
import math
import re
from collections import Counter
from typing import Any

from dashboards_py.documents.languages import language_of
from dashboards_py.documents.limits import BOARDS, Limits
from dashboards_py.documents.text import SURROGATE, decode, without_surrogates
from dashboards_py.documents.value import Document, depth_of, is_shallow, note, paths, step
from dashboards_py.errors import DashboardsError

DIGITS = 300  # an integer with at most as many digits fits into a float
ESCAPED_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")


def load_json(source: str | bytes, name: str, limits: Limits = BOARDS, fix: str = "") -> Document:
    """Parse a JSON text; `name` is used in errors, `fix` describes how to get a valid document.

    Raises DashboardsError for invalid JSON or a document over a limit. NaN, infinite numbers and duplicate keys (the
    last one wins) are accepted with a note; lone surrogates become U+FFFD.
    """
    limits.check_size(len(source), name)
    text = source.removeprefix("\ufeff") if isinstance(source, str) else decode(source, name)
    if text.count(",") + text.count("[") + text.count("{") > limits.values:
        raise DashboardsError(name, cause=f"contains more than {limits.values} values", fix=limits.fix or fix)
    reader = _Reader()
    try:
        value = reader.decoder.decode(text)
    except RecursionError as error:
        raise _too_deep(name, limits, fix) from error
    except ValueError as error:
        language, way = language_of(text, name, getattr(error, "pos", -1))
        raise DashboardsError(name, cause=language or _not_json(text, error), fix=way or fix) from error
    is_checked = isinstance(source, bytes) and is_shallow(source, limits.depth)
    if not is_checked and depth_of(value, limits.depth) > limits.depth:
        raise _too_deep(name, limits, fix)
    if ESCAPED_SURROGATE.search(text) or (not text.isascii() and SURROGATE.search(text)):
        value, surrogates = _without_surrogates(value), _surrogate_paths(value)
    else:
        surrogates = []
    notes = (*_notes(value, reader), *note("lone surrogate, read as U+FFFD", surrogates))
    return Document(name, value, notes)


def accept(value: Any, name: str, limits: Limits = BOARDS) -> Document:
    """Wrap a value that is already parsed; raises DashboardsError if it is nested too deeply."""
    if depth_of(value, limits.depth) > limits.depth:
        raise _too_deep(name, limits, "")
    return Document(name, _without_surrogates(value))


class _Reader:
    """A JSON decoder that records anomalies."""

    def __init__(self) -> None:
        self.duplicates: list[tuple[dict[str, Any], list[str]]] = []
        self.non_finite = False
        self.decoder = json.JSONDecoder(
            object_pairs_hook=self._object,
            parse_int=self._int,
            parse_float=self._float,
            parse_constant=self._constant,
        )

    def _object(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        members = dict(pairs)
        if len(members) != len(pairs):
            self.duplicates.append(
                (members, [key for key, count in Counter(key for key, _ in pairs).items() if count > 1])
            )
        return members

    def _int(self, text: str) -> int | float:
        return int(text) if len(text) <= DIGITS else self._float(text)

    def _float(self, text: str) -> float:
        value = float(text)
        self.non_finite = self.non_finite or not math.isfinite(value)
        return value

    def _constant(self, text: str) -> float:
        self.non_finite = True
        return float(text)


def _notes(value: Any, reader: _Reader) -> tuple[str, ...]:
    """The anomalies with their paths, which are computed only if there are anomalies."""
    if not reader.duplicates and not reader.non_finite:
        return ()
    keys = {id(members): duplicates for members, duplicates in reader.duplicates}
    duplicates: list[str] = []
    non_finite: list[str] = []
    for path, node in paths(value):
        if isinstance(node, dict):
            duplicates += [step(path, key) for key in keys.get(id(node), ())]
        elif isinstance(node, float) and not math.isfinite(node):
            non_finite.append(path or "the document")
    return (
        *note("duplicate key, the last one is used", duplicates),
        *note("not a number in JSON (NaN, Infinity, or too large)", non_finite),
    )


def _surrogate_paths(value: Any) -> list[str]:
    """The paths of texts that contain lone surrogates."""
    return [
        path or "the document"
        for path, node in paths(value)
        if (isinstance(node, str) and SURROGATE.search(node))
        or (isinstance(node, dict) and any(SURROGATE.search(key) for key in node))
    ]


def _without_surrogates(value: Any) -> Any:
    """Replace all lone surrogates in a value whose depth is within the limit."""
    if isinstance(value, str):
        return without_surrogates(value)
    if isinstance(value, dict):
        return {without_surrogates(key): _without_surrogates(inner) for key, inner in value.items()}
    return [_without_surrogates(inner) for inner in value] if isinstance(value, list) else value


def _not_json(text: str, error: ValueError) -> str:
    return f"is not JSON: {error}" if text.strip() else "is empty"


def _too_deep(name: str, limits: Limits, fix: str) -> DashboardsError:
    return DashboardsError(name, cause=f"is nested more than {limits.depth} levels deep", fix=fix)
