"""Render values as YAML, with a comment on each line that names a panel that needs it."""

from collections.abc import Sequence
from typing import Any

from dashboards_py.documents.write_yaml import write_flow
from dashboards_py.values.keys import split_key
from dashboards_py.values.required import Item, RequiredValues

Tree = dict[str, Any]


def to_yaml(values: RequiredValues, head: str, below: Sequence[str] = ()) -> str:
    """The values as YAML, with the first panel that needs it on each line; `head` is the comment at the top.

    `below` are keys of a chart around it, below which the values are.
    """
    comment = "".join(f"# {line}\n" if line else "#\n" for line in head.splitlines())
    tree = _tree(values)
    for key in reversed(below):
        tree = {key: tree}
    return comment + "".join(f"{line}\n" for line in _lines(tree, 0))


def as_tree(values: RequiredValues) -> dict[str, Any]:
    """The values as nested maps for Helm."""
    return {key: _plain(value) for key, value in _tree(values).items()}


def _tree(values: RequiredValues) -> Tree:
    tree: Tree = {}
    for key, item in values.items():
        *path, last = split_key(key)
        branch = tree
        for name in path:
            branch = branch.setdefault(name, {})
        branch[last] = item
    return tree


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    return value.value if isinstance(value, Item) else [item.value for item in value]


def _lines(tree: Tree, depth: int) -> list[str]:
    indent = "  " * depth
    lines: list[str] = []
    for key, value in tree.items():
        if isinstance(value, dict):
            lines += [f"{indent}{write_flow(key)}:", *_lines(value, depth + 1)]
        elif isinstance(value, Item):
            lines.append(f"{indent}{write_flow(key)}: {write_flow(value.value)}{_comment(value)}")
        else:
            lines.append(f"{indent}{write_flow(key)}:")
            lines += [f"{indent}  - {write_flow(item.value)}{_comment(item)}" for item in value]
    return lines


def _comment(item: Item) -> str:
    """The comment of a line; line breaks in the title of a foreign board would end it."""
    who = "".join(char if char.isprintable() else " " for char in item.who)
    return f"  # {who}" if who else ""
