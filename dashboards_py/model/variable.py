"""Variables of a board."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class DatasourceVariable:
    """`$name`: a data source of the type `type`; Grafana's default data source is preselected."""

    name: str
    label: str
    type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelVariable:
    """`$name`: values of a label, read by `query` (`label_values(...)`).

    With `multi`, several can be selected; the default is All, which expands to `all_value` ("": the list of values).
    Otherwise one is selected, the first by default. `sorted`: alphabetically, otherwise in the order of the result.
    """

    name: str
    label: str
    query: str
    regex: str = ""
    multi: bool = False
    all_value: str = ""
    sorted: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomVariable:
    """`$name`: one of `options`, the first by default."""

    name: str
    label: str
    options: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeVariable:
    """`$name`, hidden: `text` while `expr` has a value, otherwise empty.

    The heading of the row with the title `row` ends with it, that of the first by default.
    """

    name: str
    expr: str
    text: str
    row: str = ""


Variable = DatasourceVariable | LabelVariable | CustomVariable | NoticeVariable
