"""YAML in the order of the value, in a tenth of the time of PyYAML's own emitter where PyYAML has libyaml.

Quoted is what a parser in Go (Helm, kubectl, Prometheus, Grafana) would not read as the same text. PyYAML leaves `1e3`,
`0912`, `0o17` and `y` unquoted, which are numbers and truth values there.
"""

import re
from typing import Any

import yaml

LINE_BREAK = re.compile("[\n\x85\u2028\u2029]")
_SAFE: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
# Whatever resolve.go of Go's YAML tries to read as a number, a date or a truth value, and a little more.
_GO_NUMBER = r"[-+]?[\d_]*(\.[\d_]*)?([eE][-+]?[\d_]+)?|[-+]?0[xXoObB][-+]?[\da-fA-F_]*"
_GO_SCALAR = re.compile(rf"(?:[yYnN]|(?=.*\d)(?:{_GO_NUMBER})|\d{{4}}-\d\d?-\d\d?.*)$", re.ASCII)


class _Dumper(_SAFE):  # type: ignore[misc]  # whichever there is
    """Represents texts, lists and objects, which most values are, without PyYAML's search for the type of each.

    What occurs twice is written twice, without an anchor.
    """

    style_of_lines: str | None = None
    flow = False

    def represent_data(self, data: Any) -> Any:
        """The node of a value, as PyYAML represents it."""
        node = self.represent_data
        if type(data) is str:
            style = self.style_of_lines if LINE_BREAK.search(data) else None
            return yaml.ScalarNode("tag:yaml.org,2002:str", data, style=style)
        if type(data) is dict:
            pairs = [(node(key), node(value)) for key, value in data.items()]
            return yaml.MappingNode("tag:yaml.org,2002:map", pairs, flow_style=self.flow)
        if type(data) in (list, tuple):
            return yaml.SequenceNode("tag:yaml.org,2002:seq", [node(item) for item in data], flow_style=self.flow)
        return super().represent_data(data)


# No text has this type, so that one which Go would read as another is quoted. PyYAML's own types are before it.
_Dumper.add_implicit_resolver("tag:yaml.org,2002:go", _GO_SCALAR, list("0123456789+-._yYnN"))


class _Blocks(_Dumper):
    """Represents a text of several lines as a block, in which a change is a change of its lines."""

    style_of_lines = "|"


class _Flow(_Dumper):
    """Represents lists and objects on one line."""

    style_of_lines = '"'
    flow = True


def write_yaml(value: Any, width: int, *, blocks: bool = False) -> str:
    """The text of a value in lines of about this width; with `blocks`, texts of several lines are blocks."""
    dumper = _Blocks if blocks else _Dumper
    text: str = yaml.dump(value, Dumper=dumper, sort_keys=False, allow_unicode=True, width=width)
    return text


def write_flow(value: Any) -> str:
    """The text of a value, or of a key, on one line."""
    text: str = yaml.dump(value, Dumper=_Flow, sort_keys=False, allow_unicode=True, width=10**6)
    return text.removesuffix("\n").removesuffix("\n...")
