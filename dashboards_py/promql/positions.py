"""A query's syntax tree with the position of each part in the text, which the parser does not keep.

The tokens are read by the grammar of PromQL (promql/parser/generated_parser.y), and the result is compared with the
parser's tree. If the two differ, the query counts as unreadable.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from dashboards_py.promql.lexer import FILLING, GROUPING, MATCHING, Token
from dashboards_py.promql.memory import remember
from dashboards_py.promql.parsing import UnreadableQuery, read
from dashboards_py.promql.syntax import children

# Precedence of binary operators.
PRECEDENCE: Mapping[str, int] = {
    "or": 1,
    **dict.fromkeys(("and", "unless"), 2),
    **dict.fromkeys(("==", "!=", "<=", ">=", "<", ">"), 3),
    **dict.fromkeys(("+", "-"), 4),
    **dict.fromkeys(("*", "/", "%", "atan2"), 5),
    "^": 6,
}
SIGN = 5  # `-a ^ b` is -(a ^ b), `-a * b` is (-a) * b


@dataclass(frozen=True, slots=True)
class Part:
    """A node of the parser's tree and its text, from `start` to `end`.

    `grouping` is the span of an aggregation's `by (...)` or `without (...)`, `name_end` the end of a selector's name;
    both are None if there is none. `children` are those of the tree, in the order written.
    """

    node: Any
    start: int
    end: int
    children: tuple["Part", ...] = ()
    grouping: tuple[int, int] | None = None
    name_end: int | None = None

    @property
    def kind(self) -> str:
        """The node's type, as promql-parser calls it."""
        return type(self.node).__name__

    def walk(self) -> Iterator["Part"]:
        """The part and all parts in it, in the order written."""
        yield self
        for child in self.children:
            yield from child.walk()


@remember
def parts(expr: str) -> Part:
    """The query's tree with positions; raises QueryError, or UnreadableQuery if the positions are unknown."""
    reading = read(expr)
    reader = _Reader(reading.tokens)
    try:
        shape = reader.expression(0)
        if reader.index < len(reader.tokens):
            raise _Unexpected
        return _attach_nodes(shape, reading.tree)
    except (_Unexpected, IndexError) as error:
        raise UnreadableQuery(f"query {expr!r}", cause="has a form whose positions are unknown") from error


class _Unexpected(Exception):
    """The text has a form that the reader does not know."""


@dataclass(frozen=True, slots=True)
class _Shape:
    """A part as read from the tokens: `what` is an operator or function, `kind` the type of the parser's node."""

    kind: str
    start: int
    end: int
    what: str = ""
    children: tuple["_Shape", ...] = ()
    grouping: tuple[int, int] | None = None
    name_end: int | None = None


class _Reader:
    def __init__(self, tokens: tuple[Token, ...]) -> None:
        self.tokens = tokens
        self.index = 0

    def word(self, offset: int = 0) -> str:
        """The next token in lower case, "" at the end of the text."""
        index = self.index + offset
        return self.tokens[index].text.lower() if index < len(self.tokens) else ""

    def take(self, text: str = "") -> Token:
        token = self.tokens[self.index]
        if text and token.text.lower() != text:
            raise _Unexpected
        self.index += 1
        return token

    def expression(self, lowest: int) -> _Shape:
        """An expression of operators that bind at least as tightly as `lowest`."""
        left = self.operand()
        while (precedence := PRECEDENCE.get(self.word(), 0)) > lowest:
            operator = self.take().text.lower()
            self.modifiers()
            right = self.expression(precedence - 1 if operator == "^" else precedence)
            left = _Shape("BinaryExpr", left.start, right.end, operator, (left, right))
        return left

    def modifiers(self) -> None:
        """`bool`, `on (...)`, `group_left (...)` and the like, which follow an operator."""
        if self.word() == "bool":
            self.take()
        while self.word() in MATCHING | FILLING:
            self.take()
            if self.word() == "(":
                self.brackets()

    def brackets(self) -> tuple[int, int]:
        first = self.take("(")
        while self.word() != ")":
            self.take()
        return first.start, self.take(")").end

    def operand(self) -> _Shape:
        token = self.tokens[self.index]
        if token.text in ("+", "-"):
            self.take()
            inner = self.expression(SIGN)
            return _Shape("UnaryExpr", token.start, inner.end, token.text, (inner,))
        return self.postfix(self.primary())

    def primary(self) -> _Shape:
        token = self.take()
        word = token.text.lower()
        if token.text == "(":
            inner = self.expression(0)
            return _Shape("ParenExpr", token.start, self.take(")").end, "", (inner,))
        if token.kind == "number" or (token.kind == "name" and word in ("inf", "nan") and self.word() != "("):
            return _Shape("NumberLiteral", token.start, token.end)
        if token.kind == "string":
            return _Shape("StringLiteral", token.start, token.end)
        if token.kind == "name" and (self.word() == "(" or (self.word() in GROUPING and self.word(1) == "(")):
            return self.call(token)
        if token.kind == "name" or token.text == "{":
            return self.selector(token)
        raise _Unexpected

    def selector(self, first: Token) -> _Shape:
        last = first
        if first.text == "{" or self.word() == "{":
            while last.text != "}":
                last = self.take()
        name_end = first.end if first.kind == "name" else None
        return _Shape("VectorSelector", first.start, last.end, name_end=name_end)

    def call(self, token: Token) -> _Shape:
        grouping = self.grouping()
        self.take("(")
        arguments = []
        while self.word() != ")":
            arguments.append(self.expression(0))
            if self.word() != ")":
                self.take(",")
        end = self.take(")").end
        if grouping is None and (grouping := self.grouping()) is not None:
            end = grouping[1]
        return _Shape("Call", token.start, end, token.text, tuple(arguments), grouping)

    def grouping(self) -> tuple[int, int] | None:
        if self.word() not in GROUPING or self.word(1) != "(":
            return None
        start = self.take().start
        return start, self.brackets()[1]

    def postfix(self, shape: _Shape) -> _Shape:
        """Windows, `offset` and `@`."""
        while True:
            token = self.tokens[self.index] if self.index < len(self.tokens) else None
            if token is None:
                return shape
            if token.kind == "range":
                self.take()
                shape = _Shape("range", shape.start, token.end, token.text, (shape,))
            elif token.text.lower() == "offset" or token.text == "@":
                self.take()
                if self.word() in ("-", "+"):
                    self.take()
                last = self.take()
                if self.word() == "(":
                    self.take("(")
                    last = self.take(")")
                shape = _Shape("moment", shape.start, last.end, "", (shape,))
            else:
                return shape


def _attach_nodes(shape: _Shape, node: Any) -> Part:
    """Attach the parser's nodes to the shape; raises _Unexpected if they differ."""
    kind, inner = type(node).__name__, children(node)
    if shape.kind == "moment" or (shape.kind == "range" and kind == "MatrixSelector"):
        part = _attach_nodes(shape.children[0], node.vector_selector if shape.kind == "range" else node)
        return Part(node, shape.start, shape.end, part.children, part.grouping, part.name_end)
    if shape.kind == "range" and kind == "SubqueryExpr":
        return Part(node, shape.start, shape.end, (_attach_nodes(shape.children[0], node.expr),))
    if kind == "NumberLiteral" and shape.kind in ("UnaryExpr", "NumberLiteral", "VectorSelector"):
        return Part(node, shape.start, shape.end)  # a signed number is one literal; a variable may be a number
    if kind == "StringLiteral" and shape.kind in ("StringLiteral", "VectorSelector"):
        return Part(node, shape.start, shape.end)
    arguments = shape.children
    if kind == "AggregateExpr" and shape.kind == "Call" and len(arguments) == len(inner) + 1:
        arguments = arguments[1:]  # the tree stores an aggregation's parameter separately
    same = kind == shape.kind or (kind == "AggregateExpr" and shape.kind == "Call")
    if not same or len(arguments) != len(inner) or not _same_name(shape, node, kind):
        raise _Unexpected
    joined = tuple(_attach_nodes(child, child_node) for child, child_node in zip(arguments, inner, strict=True))
    return Part(node, shape.start, shape.end, joined, shape.grouping, shape.name_end)


def _same_name(shape: _Shape, node: Any, kind: str) -> bool:
    """True if the operator, aggregation or function is the same."""
    if kind == "Call":
        return shape.what.lower() == str(node.func.name).lower()
    return kind not in ("BinaryExpr", "AggregateExpr") or shape.what.lower() == str(node.op).lower()


def rewrite(text: str, part: Part, replacement: Callable[[Part], str | None]) -> str:
    """The part's text after `replacement` was applied to it and its children, outermost first; None keeps a part."""
    if (new := replacement(part)) is not None:
        return new
    pieces, end = [], part.start
    for child in part.children:
        pieces += [text[end : child.start], rewrite(text, child, replacement)]
        end = child.end
    return "".join(pieces) + text[end : part.end]
