"""Parse YAML within limits, as Helm does: keys are strings, and dates are plain strings.

PyYAML expands aliases while it builds the value, so the parser's events are counted first.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml
from yaml.constructor import SafeConstructor

from dashboards_py.documents.languages import language_of
from dashboards_py.documents.limits import VALUES, Limits
from dashboards_py.documents.text import SURROGATE, decode, without_surrogates
from dashboards_py.documents.value import Document, note
from dashboards_py.errors import DashboardsError

DIGITS = 300  # integers with more digits are read as text
TAG = "tag:yaml.org,2002:"


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """PyYAML's safe loader, reduced to the types of JSON."""


class _RedefiningLoader(yaml.SafeLoader):
    """The same for documents that define an anchor again, which YAML and Go's parser allow and libyaml refuses."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        """Forget an anchor that is about to be defined again."""
        composer: Any = self
        if not composer.check_event(yaml.AliasEvent):
            composer.anchors.pop(composer.peek_event().anchor, None)
        return super().compose_node(parent, index)


def _int(loader: Any, node: yaml.ScalarNode) -> Any:
    """Construct an integer. `1:30` is an integer in YAML 1.1 only; Helm reads it as text."""
    text = loader.construct_scalar(node)
    if ":" in text or len(text) > DIGITS:
        return text
    try:
        return SafeConstructor.construct_yaml_int(loader, node)
    except (ValueError, IndexError):  # `0x_` looks like an integer, and `!!int ""` claims to be one
        return text


def _float(loader: Any, node: yaml.ScalarNode) -> Any:
    text = loader.construct_scalar(node)
    return text if ":" in text else SafeConstructor.construct_yaml_float(loader, node)


def _map(loader: Any, node: Any) -> Iterator[dict[str, Any]]:
    """Construct a map with its keys as written: in Python, 1 and true are the same key, in JSON they are not."""
    members: dict[str, Any] = {}
    yield members
    if not isinstance(node, yaml.MappingNode):
        raise yaml.constructor.ConstructorError(None, None, "expected a map", node.start_mark)
    loader.flatten_mapping(node)
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode):
            raise yaml.constructor.ConstructorError(None, None, "a key must be text", key.start_mark)
        members["null" if key.tag == f"{TAG}null" else key.value] = loader.construct_object(value)


def _untagged(loader: Any, node: Any) -> Any:
    """A value whose tag is a program's own, such as Ansible's `!vault`: as without it, a scalar as text, like Go's."""
    if isinstance(node, yaml.ScalarNode):
        return loader.construct_scalar(node)
    return (_map if isinstance(node, yaml.MappingNode) else SafeConstructor.construct_yaml_seq)(loader, node)


_Loader.yaml_constructors = _RedefiningLoader.yaml_constructors = {
    None: _untagged,
    **{f"{TAG}{tag}": SafeConstructor.construct_yaml_str for tag in ("str", "timestamp", "value", "binary")},
    f"{TAG}null": SafeConstructor.construct_yaml_null,
    f"{TAG}bool": SafeConstructor.construct_yaml_bool,
    f"{TAG}int": _int,
    f"{TAG}float": _float,
    f"{TAG}seq": SafeConstructor.construct_yaml_seq,
    f"{TAG}map": _map,
}


def load_yaml(source: str | bytes, name: str, limits: Limits = VALUES) -> Document:
    """Parse a text with at most one document; the value is None if the text is empty.

    Raises DashboardsError, with the line, for invalid YAML or a document over a limit. Duplicate keys (the last one
    wins) are noted.
    """
    documents = load_yaml_documents(source, name, limits)
    if len(documents) > 1:
        raise DashboardsError(name, cause=f"contains {len(documents)} YAML documents, expected one", fix="split it")
    return documents[0] if documents else Document(name, None)


def load_yaml_documents(source: str | bytes, name: str, limits: Limits = VALUES) -> tuple[Document, ...]:
    """All documents in a text except empty ones; notes are attached to the first."""
    limits.check_size(len(source), name)
    text = source if isinstance(source, str) else decode(source, name)
    try:
        duplicates = _UsageCounter(name, limits).count(text)
        values = [independent_copy(value) for value in _loaded(text) if value is not None]
    except yaml.YAMLError as error:
        language, fix = language_of(text, name)
        raise DashboardsError(name, cause=language or f"is not YAML: {_problem(error)}", fix=fix) from error
    except (ValueError, LookupError, AttributeError, TypeError, OverflowError, RecursionError) as error:
        # Raised by PyYAML's constructors for text that does not fit its tag, such as `!!bool 7`.
        raise DashboardsError(name, cause=f"is not YAML: {type(error).__name__} {error}".rstrip()) from error
    notes = note("duplicate key, the last one is used", duplicates)
    return tuple(Document(name, value, () if index else notes) for index, value in enumerate(values))


def _loaded(text: str) -> list[Any]:
    """The values of all documents."""
    try:
        return list(yaml.load_all(text, _Loader))
    except yaml.composer.ComposerError:
        return list(yaml.load_all(text, _RedefiningLoader))


@dataclass(slots=True)
class _Open:
    """A list or map that is being read: its number of values and levels so far, and a map's keys."""

    anchor: str | None
    mapping: bool
    values: int = 1
    levels: int = 0
    at_key: bool = True
    keys: set[str] = field(default_factory=set)


class _UsageCounter:
    """Counts values and levels with all aliases expanded."""

    def __init__(self, name: str, limits: Limits) -> None:
        self.name, self.limits = name, limits
        self.anchors: dict[str, tuple[int, int]] = {}  # the number of values and levels of each anchor
        self.open: list[_Open] = []
        self.total = 0
        self.aliases = False
        self.duplicates: list[str] = []

    def count(self, text: str) -> list[str]:
        """Check the text against the limits and return its duplicate keys, with their lines."""
        for event in yaml.parse(text, _Loader):
            line = event.start_mark.line + 1 if event.start_mark else 0
            if isinstance(event, yaml.CollectionStartEvent):
                self._check_depth(len(self.open) + 1, line)
                self.anchors.pop(event.anchor or "", None)
                self.open.append(_Open(event.anchor, isinstance(event, yaml.MappingStartEvent)))
                self._count(1, line)
            elif isinstance(event, yaml.CollectionEndEvent):
                closed = self.open.pop()
                self._add(closed.values, closed.levels + 1, closed.anchor)
            elif isinstance(event, yaml.ScalarEvent):
                self._key(event.value, line)
                self._count(1, line)
                self._add(1, 0, event.anchor)
            elif isinstance(event, yaml.AliasEvent) and event.anchor:
                self._alias(event.anchor, line)
        return self.duplicates

    def _alias(self, anchor: str, line: int) -> None:
        if anchor not in self.anchors and any(collection.anchor == anchor for collection in self.open):
            raise DashboardsError(
                self.name, cause=f"line {line}: the alias *{anchor} refers to a node that contains it"
            )
        values, levels = self.anchors.get(anchor, (1, 0))
        self.aliases = True
        self._check_depth(len(self.open) + levels, line)
        self._count(values, line)
        self._add(values, levels, None)

    def _add(self, values: int, levels: int, anchor: str | None) -> None:
        """Add the node that has just ended to the node that contains it."""
        if anchor:
            self.anchors[anchor] = (values, levels)
        if self.open:
            outer = self.open[-1]
            outer.values, outer.levels = outer.values + values, max(outer.levels, levels)
            outer.at_key = not outer.at_key

    def _key(self, text: str, line: int) -> None:
        if not self.open or not self.open[-1].mapping or not self.open[-1].at_key:
            return
        if text in self.open[-1].keys and text != "<<":
            self.duplicates.append(f"{text} (line {line})")
        self.open[-1].keys.add(text)

    def _count(self, values: int, line: int) -> None:
        self.total += values
        if self.total > self.limits.values:
            subject = "its aliases expand to" if self.aliases else "it contains"
            cause = f"line {line}: {subject} more than {self.limits.values} values"
            raise DashboardsError(self.name, cause=cause, fix=self.limits.fix)

    def _check_depth(self, depth: int, line: int) -> None:
        if depth > self.limits.depth:
            cause = f"line {line}: is nested more than {self.limits.depth} levels deep"
            raise DashboardsError(self.name, cause=cause)


def independent_copy(value: Any) -> Any:
    """A copy of the value with lone surrogates replaced and without shared nodes."""
    if isinstance(value, dict):
        return {without_surrogates(key): independent_copy(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [independent_copy(inner) for inner in value]
    return without_surrogates(value) if isinstance(value, str) and SURROGATE.search(value) else value


def _problem(error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    if mark is None:
        return " ".join(str(error).replace('in "<unicode string>", ', "").split())
    return f"line {mark.line + 1}: {getattr(error, 'problem', '')}"
