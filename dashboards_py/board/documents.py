"""The boards in a file, whatever it is: JSON or YAML, with one document or many, each a board or holding some."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from dashboards_py.board.read import EXPORT, quoted_size, read
from dashboards_py.board.values import Board, Variable
from dashboards_py.documents.board_formats import BoardSource, board_sources
from dashboards_py.documents.json import load_json
from dashboards_py.documents.limits import BOARDS, Limits
from dashboards_py.documents.objects import is_object, text
from dashboards_py.documents.value import Document
from dashboards_py.documents.yaml import load_yaml_documents
from dashboards_py.errors import DashboardsError

# How YAML of an object begins a line; JSON is YAML too, but that takes ten times as long.
YAML = re.compile(rb"^(apiVersion|kind|metadata|grafanaDashboards|panels)\s*:", re.M)
ENDINGS = (".yaml", ".yml", ".yaml.tpl", ".yml.tpl")
ABOUT_BOARDS = re.compile(
    rb"GrafanaDashboard|PersesDashboard|dashboard\.grafana\.app|grafanaDashboards|grafana_dashboard|(?:panels|elements)[\"']?\s*:"
)
BOARD_KEYS = ("panels", "rows", "templating", "elements", "dashboard")


@dataclass(frozen=True, slots=True)
class Linked:
    """References between the documents of a tree: texts of ConfigMaps by name and key, and which of them are used."""

    texts: Mapping[tuple[str, str], str] = field(default_factory=dict)
    used: frozenset[tuple[str, str]] = frozenset()


def is_yaml(source: bytes, name: str) -> bool:
    """True if a source is to be read as YAML: by its beginning, and else by its name."""
    start = source.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    return start not in (b"{", b"[", b"<") and (YAML.search(source) is not None or name.endswith(ENDINGS))


def is_about_boards(source: bytes) -> bool:
    """True if YAML may hold dashboards: it has their kinds, or JSON or keys of panels."""
    return ABOUT_BOARDS.search(source) is not None


def refers(source: bytes) -> bool:
    """True if a source may hold a GrafanaDashboard whose board is in a ConfigMap."""
    return b"configMapRef" in source and b"GrafanaDashboard" in source


def linked(sources: Mapping[str, bytes], limits: Limits = BOARDS) -> Linked:
    """The ConfigMaps in files, and those whose dashboards other documents use; files that cannot be read are not."""
    texts: dict[tuple[str, str], str] = {}
    used: set[tuple[str, str]] = set()
    for name, source in sources.items():
        try:
            for document in _documents(source, name, limits):
                for item in board_sources(document.value) if isinstance(document.value, Mapping) else ():
                    if item.config_map and item.text is None:
                        used.add(item.config_map)
                    elif item.config_map and item.text is not None:
                        texts[item.config_map] = item.text
        except DashboardsError:
            continue
    return Linked(texts, frozenset(used))


def boards_in(
    source: bytes, name: str, limits: Limits = BOARDS, links: Linked | None = None
) -> Iterator[tuple[str, Board | DashboardsError]]:
    """The boards in a file, with file, document and path of each; an error for each that cannot be read.

    Raises DashboardsError for a file that is no JSON or YAML, or holds no board: then the error names what is in it.
    """
    documents = _documents(source, name, limits)
    if links is None:
        links = linked({name: source}, limits) if refers(source) else Linked()
    others: list[str] = []
    count = 0
    for document in documents:
        value = document.value
        sources = list(board_sources(value)) if isinstance(value, Mapping) else []
        if not sources and (len(documents) == 1 or _looks_like_a_board(value)) and not _is_foreign_object(value):
            is_json = len(documents) == 1 and not is_yaml(source, name)
            size = quoted_size(source) if is_json else 0
            yield name, replace(read(document, name, limits), quoted_size=size)
            count += 1
        elif not sources:
            others.append(_what(value))
        for item in sources:
            shown = name if item.value is value else ": ".join(filter(None, (name, item.document, item.path)))
            if (result := _read(item, shown, limits, links)) is not None:
                yield shown, result
                count += 1
            else:
                others.append(item.document)
    if not count and not links.used.intersection(links.texts):
        what = ", ".join(dict.fromkeys(others[:5])) or "nothing"
        raise DashboardsError(name, cause=f"holds no dashboard, but {what}", fix=EXPORT)


def _documents(source: bytes, name: str, limits: Limits) -> tuple[Document, ...]:
    """The documents of a file; the items of a List are documents of their own."""
    loaded = (
        load_yaml_documents(source, name, limits)
        if is_yaml(source, name)
        else (load_json(source, name, limits, EXPORT),)
    )
    documents: list[Document] = []
    for document in loaded:
        value = document.value
        items = value.get("items") if isinstance(value, Mapping) and str(value.get("kind")).endswith("List") else None
        if isinstance(items, list):
            documents += (Document(name, item) for item in items)
        else:
            documents.append(document)
    return tuple(documents)


def _read(item: BoardSource, shown: str, limits: Limits, links: Linked) -> Board | DashboardsError | None:
    """The board, or why it cannot be read; None for what is no board, or is read where it is referred to."""
    if item.why:
        return DashboardsError(shown, cause=item.why)
    text = item.text
    if item.config_map and text is not None and item.config_map in links.used:
        return None
    if item.config_map and text is None:
        text = _linked_text(item.config_map, links)
        if text is None:
            name, key = item.config_map
            fix = "name the directory that holds both"
            return DashboardsError(shown, cause=f"ConfigMap {name}, key {key}, is not in these files", fix=fix)
    try:
        board = read(item.value if text is None and item.value is not None else text or "", shown, limits)
    except DashboardsError as error:
        return error if item.is_certain else None
    return _with_inputs(board, item.inputs)


def _linked_text(reference: tuple[str, str], links: Linked) -> str | None:
    """The text of a key of a ConfigMap; one without a namespace is in any."""
    if reference in links.texts:
        return links.texts[reference]
    name, key = reference
    alike = (text for (other, other_key), text in links.texts.items() if other_key == key and _is_same(name, other))
    return next(alike, None)


def _is_same(name: str, other: str) -> bool:
    namespaces = name.rpartition("/")[0], other.rpartition("/")[0]
    return name.rpartition("/")[2] == other.rpartition("/")[2] and "" in namespaces


def _with_inputs(board: Board, inputs: Mapping[str, str]) -> Board:
    """The board with data sources in the place of its inputs; a variable stands for the one that is filled in."""
    if not inputs:
        return board
    text = json.dumps(board.raw, ensure_ascii=False)
    known = {variable.name for variable in board.variables}
    filled = [name for name in inputs if name not in known and f"${{{name}" in text]
    variables = tuple(Variable(name, "datasource", "prometheus", hidden=True) for name in filled)
    left = tuple(name for name in board.inputs if name not in inputs)
    return replace(board, variables=(*board.variables, *variables), inputs=left)


def _looks_like_a_board(value: Any) -> bool:
    return isinstance(value, Mapping) and any(key in value for key in BOARD_KEYS)


def _is_foreign_object(value: Any) -> bool:
    """True for a Kubernetes object that holds no board."""
    return isinstance(value, Mapping) and is_object(value) and not _looks_like_a_board(value)


def _what(value: Any) -> str:
    """A document in words."""
    if not isinstance(value, Mapping):
        return "another YAML value"
    name = text(value, "metadata", "name")
    kind = value.get("kind") or f"a document with the keys {', '.join(sorted(str(key)[:40] for key in value)[:5])}"
    return f"{kind}{f' {name}' if name else ''}"
