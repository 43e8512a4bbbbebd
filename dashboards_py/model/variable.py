"""Variables of a board."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class DatasourceVariable:
    """`$name`: a data source of a kind; Grafana's default one unless chosen."""

    name: str
    label: str
    type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelVariable:
    """`$name`: values of a label, asked for by `query` (`label_values(...)`).

    `multi`: several at once, and All by default, which stands for `all_value` ("": the values themselves). Without it
    one value, the first unless chosen.
    """

    name: str
    label: str
    query: str
    regex: str = ""
    multi: bool = False
    all_value: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomVariable:
    """`$name`: one of `options`, the first unless chosen."""

    name: str
    label: str
    options: tuple[str, ...]


Variable = DatasourceVariable | LabelVariable | CustomVariable
