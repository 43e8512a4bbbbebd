"""The nesting depth of a query, from its tokens: the Rust parser recurses, and a query too deep ends the process.

Prometheus has no such limit (promtool accepts 5,000 parentheses and 20,000 terms), so such a query is not invalid.
"""

from collections.abc import Iterable

from dashboards_py.promql.lexer import Token

# Levels of the tree. The parser handles about 2,000 on 8 MB of stack; our own traversal needs up to three stack frames
# a level, and Python allows 1,000.
LIMIT = 200
LENGTH = 100_000  # characters
OPERATORS = frozenset(
    {"+", "-", "*", "/", "%", "^", "==", "!=", "<=", ">=", "<", ">", "</", ">/", "and", "or", "unless", "atan2"}
)
CLOSING = {")": "(", "}": "{"}


def depth(tokens: Iterable[Token]) -> int:
    """An upper bound of the syntax tree's height: nested brackets plus consecutive operators."""
    stack = [_Level("")]
    for token in tokens:
        word = token.text.lower()
        if word in ("(", "{"):
            stack.append(_Level(word))
        elif word in CLOSING and len(stack) > 1:
            _close(stack)
        elif word == ",":
            stack[-1].next_argument()
        elif (token.kind == "range" or word in OPERATORS) and stack[-1].bracket != "{":
            stack[-1].operators += 1
    while len(stack) > 1:
        _close(stack)
    return stack[0].height()


class _Level:
    """The contents of a pair of brackets: the operators of the current argument, and the height of nested ones."""

    __slots__ = ("bracket", "highest", "inside", "operators")

    def __init__(self, bracket: str) -> None:
        self.bracket, self.operators, self.inside, self.highest = bracket, 0, 0, 0

    def height(self) -> int:
        return max(self.highest, self.operators + self.inside)

    def next_argument(self) -> None:
        self.highest, self.operators, self.inside = self.height(), 0, 0


def _close(stack: list[_Level]) -> None:
    inner = stack.pop().height() + 1
    stack[-1].inside = max(stack[-1].inside, inner)
