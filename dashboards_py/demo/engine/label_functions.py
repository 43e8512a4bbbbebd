"""Functions of labels alone: label_replace, label_join, and the labels of absent."""

import re
from collections.abc import Callable

from dashboards_py import regex
from dashboards_py.demo.engine import labels
from dashboards_py.demo.engine.errors import EvaluationError
from dashboards_py.demo.engine.labels import Labels
from dashboards_py.demo.engine.syntax import Node, Select

# Go's regexp.Expand: $$, ${name} and $name, which is as long as can be.
_REFERENCE = re.compile(r"\$(?:(\$)|\{(\w+)\}|(\w+))", re.ASCII)


def label_replace(target: str, template: str, source: str, pattern: str) -> Callable[[Labels], Labels]:
    """A label from parts of another one, where all of that matches the pattern."""
    if problem := regex.problem(pattern):
        raise EvaluationError(f"invalid regular expression in label_replace(): {pattern}", cause=problem)

    def change(of: Labels) -> Labels:
        groups = regex.groups(pattern, labels.get(of, source))
        return of if groups is None else labels.replace(of, target, _expanded(template, groups))

    return change


def _expanded(template: str, groups: dict[str, str]) -> str:
    def value(match: re.Match[str]) -> str:
        return "$" if match[1] else groups.get(match[2] or match[3], "")

    return _REFERENCE.sub(value, template)


def label_join(target: str, separator: str, sources: tuple[str, ...]) -> Callable[[Labels], Labels]:
    """A label from others, with a separator between them."""
    return lambda of: labels.replace(of, target, separator.join(labels.get(of, source) for source in sources))


def of_absent(node: Node) -> Labels:
    """The labels of what is absent: those that the selector wants to be equal to one value."""
    values: dict[str, str] = {}
    if isinstance(node, Select):
        seen: set[str] = set()
        for matcher in node.matchers:
            if matcher.label == labels.NAME:
                continue
            if matcher.op == "=" and matcher.label not in seen:
                values[matcher.label] = matcher.value
                seen.add(matcher.label)
            else:
                values.pop(matcher.label, None)
    return labels.of(values)
