"""How deep a query is nested, by its tokens: the parser recurses in Rust, where too deep a query ends the process.

Prometheus has no such limit (promtool takes 5,000 parentheses, and 20,000 terms), so what is too deep is not wrong.
"""

from collections.abc import Iterable

from dashboards_py.promql.lexer import Token

# Levels of the tree. The parser takes some 2,000 on 8 MB of stack; our own walks need up to three frames for each of
# these, and Python has 1,000 frames.
LIMIT = 200
LENGTH = 100_000  # characters
OPERATORS = frozenset(
    {"+", "-", "*", "/", "%", "^", "==", "!=", "<=", ">=", "<", ">", "</", ">/", "and", "or", "unless", "atan2"}
)
CLOSING = {")": "(", "}": "{"}


def depth(tokens: Iterable[Token]) -> int:
    """At least as much as the tree of the query is high: brackets around, and operators beside one another."""
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
    """What stands between two brackets: the operators of one argument, and the highest of what is inside it."""

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
