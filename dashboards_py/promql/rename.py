"""Rename labels of a query wherever the language has a label; strings and values that look like one are unchanged."""

from collections.abc import Iterator, Mapping

from dashboards_py.promql.lexer import GROUPING, MATCH_OPERATORS, MATCHING, Token, tokens
from dashboards_py.promql.memory import remember
from dashboards_py.promql.parsing import QueryError, read
from dashboards_py.promql.positions import Part, parts
from dashboards_py.promql.query import labels
from dashboards_py.promql.strings import unquote

# Functions whose texts are labels: the indices of these arguments, and from which index on all are
# (promql/parser/functions.go).
LABEL_ARGUMENTS: Mapping[str, tuple[tuple[int, ...], int | None]] = {
    "label_replace": ((1, 3), None),
    "label_join": ((1,), 3),
    "sort_by_label": ((), 1),
    "sort_by_label_desc": ((), 1),
}


def rename_labels(expr: str, names: Mapping[str, str]) -> str:
    """The query with other names for labels, by their names in it.

    Raises QueryError for a query that does not parse, or that has one of the new names already.
    """
    result = _rename(expr, tuple(names.items()))
    back = _rename(result, tuple((new, old) for old, new in names.items()))
    if back != expr or labels(result) != {names.get(label, label) for label in labels(expr)}:
        raise QueryError(f"query {expr!r}", cause=f"became {result!r}, which differs in more than labels")
    return result


@remember
def _rename(expr: str, pairs: tuple[tuple[str, str], ...]) -> str:
    names = dict(pairs)
    texts = {unquote(expr[start:end]) or "" for start, end in _label_texts(expr)}
    present = labels(expr) | texts
    if already := sorted(present & (set(names.values()) - names.keys())):
        raise QueryError(f"query {expr!r}", cause=f"has a label {already[0]} already", fix="choose another name")
    result = expr
    for start, end in sorted({*_label_tokens(expr), *_label_texts(expr)}, reverse=True):
        written = expr[start:end]
        label = unquote(written) if written[0] in "\"'`" else written
        if label in names:
            new = names[label]
            result = result[:start] + (new if label == written else f"{written[0]}{new}{written[0]}") + result[end:]
    return result


def _label_tokens(expr: str) -> Iterator[tuple[int, int]]:
    """The spans of labels in matchers, groupings and joins."""
    all_tokens = tokens(expr)
    for selector in read(expr).selector_spans:
        for token, after in zip(selector.braces, selector.braces[1:], strict=False):
            if token.kind in ("name", "string") and after.text in MATCH_OPERATORS:
                yield token.start, token.end
    for index, token in enumerate(all_tokens[:-1]):
        if token.text.lower() in GROUPING | MATCHING and all_tokens[index + 1].text == "(":
            yield from _listed(all_tokens[index + 2 :])


def _listed(following: tuple[Token, ...]) -> Iterator[tuple[int, int]]:
    """The spans of the labels up to the closing bracket."""
    for token in following:
        if token.text == ")":
            return
        if token.kind in ("name", "string"):
            yield token.start, token.end


def _label_texts(expr: str) -> Iterator[tuple[int, int]]:
    """The spans of string literals that are labels."""
    for part in parts(expr).walk():
        for argument in _label_arguments(part):
            if argument.kind == "StringLiteral":
                yield argument.start, argument.end


def _label_arguments(part: Part) -> Iterator[Part]:
    if part.kind == "AggregateExpr" and str(part.node.op) == "count_values":
        yield part.children[0]
    if part.kind != "Call" or part.node.func.name not in LABEL_ARGUMENTS:
        return
    indices, first = LABEL_ARGUMENTS[part.node.func.name]
    for index, argument in enumerate(part.children):
        if index in indices or (first is not None and index >= first):
            yield argument
