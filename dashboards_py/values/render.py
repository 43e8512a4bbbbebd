"""Values as YAML that says beside each line who needs it."""

from typing import Any

import yaml

from dashboards_py.values.wanted import Item, Wanted

Tree = dict[str, Any]


def rendered(values: Wanted, head: str) -> str:
    """The values as YAML, each line with the first panel that needs it and how many more do; `head` stands above."""
    tree: Tree = {}
    for key, item in values.items():
        *path, last = key.split(".")
        place = tree
        for part in path:
            place = place.setdefault(part, {})
        place[last] = item
    comment = "".join(f"# {line}\n" if line else "#\n" for line in head.splitlines())
    return comment + "".join(f"{line}\n" for line in _lines(tree, 0))


def _lines(tree: Tree, depth: int) -> list[str]:
    indent = "  " * depth
    lines: list[str] = []
    for key, value in tree.items():
        if isinstance(value, dict):
            lines += [f"{indent}{key}:", *_lines(value, depth + 1)]
        elif isinstance(value, Item):
            lines.append(f"{indent}{key}: {_scalar(value.value)}{_why(value)}")
        else:
            lines.append(f"{indent}{key}:")
            lines += [f"{indent}  - {_scalar(item.value)}{_why(item)}" for item in value]
    return lines


def _scalar(value: bool | str) -> str:
    return yaml.safe_dump(value, default_style=None, width=10_000).removesuffix("\n...\n").strip()


def _why(item: Item) -> str:
    if not item.needed_by:
        return ""
    more = len(item.needed_by) - 1
    others = f" and {more} more" if more else ""
    return f"  # {item.needed_by[0]}{others}"
