"""The boards in a file, whatever it is: JSON or YAML, with one document or many, each a board or holding some."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from dashboards_py.board.read import EXPORT, NoBoards, quoted_size, read
from dashboards_py.board.values import Board, Variable
from dashboards_py.documents.board_formats import BoardSource, board_sources
from dashboards_py.documents.json import load_json
from dashboards_py.documents.kustomize import generated
from dashboards_py.documents.languages import ensure_no_code
from dashboards_py.documents.limits import BOARDS, Limits
from dashboards_py.documents.objects import is_object, qualified_name, text
from dashboards_py.documents.value import Document
from dashboards_py.documents.yaml import load_yaml_documents
from dashboards_py.errors import DashboardsError

# How YAML of an object begins a line; JSON is YAML too, but that takes ten times as long.
YAML = re.compile(rb"^(apiVersion|kind|metadata|grafanaDashboards|panels)\s*:", re.M)
ENDINGS = (".yaml", ".yml", ".yaml.tpl", ".yml.tpl")
ABOUT_BOARDS = re.compile(
    rb"GrafanaDashboard|PersesDashboard|dashboard\.grafana\.app|grafanaDashboards|grafana_dashboard|(?:panels|elements)\\*[\"']?\s*:"
)
BOARD_KEYS = ("panels", "rows", "templating", "elements", "dashboard")


# `load_file` reads a file that a document names, relative to it; None if there is none, or it is read anyway.
LoadFile = Callable[[str], bytes | None]
Key = tuple[str, str]  # a ConfigMap's namespace and name, and a key of it


@dataclass(frozen=True, slots=True)
class Source:
    """A file of a tree that may refer to other files."""

    content: bytes
    load_file: LoadFile


@dataclass(frozen=True, slots=True)
class Linked:
    """References between the documents of a tree: texts of ConfigMaps, and which of them are used.

    `files` are those of which a used ConfigMap is generated, by the names of their Kustomizations.
    """

    texts: Mapping[Key, str] = field(default_factory=dict)
    used: frozenset[Key] = frozenset()
    files: frozenset[tuple[str, str]] = frozenset()

    def key(self, reference: Key) -> Key | None:
        """The key of the text that is referred to; a ConfigMap without a namespace is in any."""
        if reference in self.texts:
            return reference
        name, key = reference
        return next((other for other in self.texts if other[1] == key and _is_same(name, other[0])), None)


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


def linked(sources: Mapping[str, Source], limits: Limits = BOARDS) -> Linked:
    """The ConfigMaps in files, and those whose dashboards other documents use; files that cannot be read are not."""
    texts: dict[Key, str] = {}
    references: set[Key] = set()
    files: dict[Key, tuple[str, str]] = {}
    for name, source in sources.items():
        try:
            documents = _documents(source.content, name, limits)
        except DashboardsError:
            continue
        objects = [document.value for document in documents if isinstance(document.value, Mapping)]
        for config_map in [item for value in objects for item in generated(value)]:
            value = config_map.as_object(source.load_file)
            objects.append(value)
            files |= {(qualified_name(value), key): (name, file) for key, file in config_map.files.items()}
        for item in [item for value in objects for item in board_sources(value)]:
            if item.config_map and item.text is None:
                references.add(item.config_map)
            elif item.config_map and item.text is not None:
                texts[item.config_map] = item.text
    links = Linked(texts)
    used = frozenset(filter(None, map(links.key, references)))
    return Linked(texts, used, frozenset(files[key] for key in used if key in files))


def boards_in(
    source: bytes,
    name: str,
    limits: Limits = BOARDS,
    links: Linked | None = None,
    load_file: LoadFile = lambda _: None,
) -> Iterator[tuple[str, Board | DashboardsError]]:
    """The boards in a file, with file, document and path of each; an error for each that cannot be read.

    Those of a ConfigMap that a Kustomization generates are read with `load_file`. Raises DashboardsError for a file
    that is no JSON or YAML, or NoBoards, which names what is in it.
    """
    documents = _documents(source, name, limits)
    if links is None:
        links = linked({name: Source(source, load_file)}, limits) if refers(source) else Linked()
    others: list[str] = []
    count = 0
    for document in documents:
        value = document.value
        sources = list(board_sources(value)) if isinstance(value, Mapping) else []
        if isinstance(value, Mapping) and not sources:
            config_maps = [config_map.as_object(load_file) for config_map in generated(value)]
            sources = [item for config_map in config_maps for item in board_sources(config_map)]
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
        raise NoBoards(name, cause=f"holds no dashboard, but {what}", fix=EXPORT)


def _documents(source: bytes, name: str, limits: Limits) -> tuple[Document, ...]:
    """The documents of a file; the items of a List are documents of their own."""
    ensure_no_code(source, name)
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
        linked_key = links.key(item.config_map)
        text = links.texts[linked_key] if linked_key else None
        if text is None:
            name, key = item.config_map
            fix = "name the directory that holds both"
            return DashboardsError(shown, cause=f"ConfigMap {name}, key {key}, is not in these files", fix=fix)
    try:
        board = read(item.value if text is None and item.value is not None else text or "", shown, limits)
    except DashboardsError as error:
        return error if item.is_certain else None
    return _with_inputs(board, item.inputs)


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
