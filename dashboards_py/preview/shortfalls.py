"""What Grafana shows of a panel and a picture does not, as sentences; docs/preview.md has those of every picture."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from dashboards_py.board import Board, Panel, fields
from dashboards_py.panel_data.old_panels import SINGLE
from dashboards_py.preview.grid import TALLEST
from dashboards_py.preview.markdown import not_drawn

GRAPHS, TIMELINE, TABLES = ("timeseries", "graph"), ("state-timeline",), ("table",)
TEXT_CELLS = ("json-view", "data-links", "markdown", "geo", "pill", "actions", "sparkline", "image")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortfall:
    """A value of an option that is not drawn: at `path` in the panel, or in its field options after "custom".

    Every value but those in `drawn` is meant, or only those in `missing`; `{value}` in the sentence is the value.
    """

    types: tuple[str, ...]
    path: str
    sentence: str
    drawn: tuple[object, ...] = ()
    missing: tuple[object, ...] = ()

    def applies(self, value: object) -> bool:
        """Whether this value is not drawn; what is empty or off is nothing to draw."""
        if value is None or value is False or value in ("", [], {}):
            return False
        return value in self.missing if self.missing else value not in self.drawn


SHORTFALLS = (
    Shortfall(
        types=GRAPHS,
        path="custom.axisPlacement",
        missing=("top", "bottom"),
        sentence="its axis is drawn at the left, and not at the {value}",
    ),
    Shortfall(types=GRAPHS, path="custom.showValues", sentence="values beside its points are not drawn"),
    Shortfall(
        types=GRAPHS, path="custom.axisTickPositions", sentence="its axis has ticks at other values than {value}"
    ),
    Shortfall(types=GRAPHS, path="custom.axisTickInterval", sentence="its axis has ticks at other steps than {value}"),
    Shortfall(
        types=GRAPHS,
        path="options.orientation",
        missing=("vertical",),
        sentence="its time runs to the right, and not upwards",
    ),
    Shortfall(types=GRAPHS, path="timeCompare", sentence="it is not compared with {value} before"),
    Shortfall(types=GRAPHS, path="options.timeCompare.timeCompare", sentence="it is not compared with another time"),
    Shortfall(
        types=GRAPHS,
        path="xaxis.mode",
        missing=("series", "histogram"),
        sentence="its axis of the mode {value} is drawn as one of time",
    ),
    Shortfall(types=GRAPHS, path="timeRegions", sentence="its regions of time are not drawn"),
    Shortfall(types=("bargauge",), path="options.legend.showLegend", sentence="its legend is not drawn"),
    Shortfall(
        types=TABLES,
        path="custom.cellOptions.type",
        missing=TEXT_CELLS,
        sentence="cells of the type {value} are drawn as texts",
    ),
    Shortfall(
        types=TABLES,
        path="custom.displayMode",
        missing=TEXT_CELLS,
        sentence="cells of the type {value} are drawn as texts",
    ),
    Shortfall(types=TABLES, path="custom.cellOptions.wrapText", sentence="long texts of cells are cut"),
    Shortfall(types=TABLES, path="custom.wrapText", sentence="long texts of cells are cut"),
    Shortfall(types=TABLES, path="custom.wrapHeaderText", sentence="long texts of headers are cut"),
    Shortfall(types=TABLES, path="options.enablePagination", sentence="the numbers of its pages are not drawn"),
    Shortfall(types=TABLES, path="options.footer.enablePagination", sentence="the numbers of its pages are not drawn"),
    Shortfall(types=TABLES, path="options.showTypeIcons", sentence="the signs of its columns' types are not drawn"),
    Shortfall(types=TABLES, path="custom.styleField", sentence="styles of cells from another column are not drawn"),
    Shortfall(types=("table", "table-old"), path="styles", sentence="the styles of its old type are not applied"),
    Shortfall(
        types=("heatmap",),
        path="options.calculate",
        sentence="its values are not counted in buckets",
    ),
    Shortfall(
        types=("heatmap",),
        path="options.rowsFrame.layout",
        drawn=("auto", "le"),
        sentence="its rows are drawn as upper limits of buckets, and not as {value}",
    ),
    Shortfall(
        types=(*GRAPHS, *TIMELINE, "heatmap"),
        path="options.annotations.multiLane",
        sentence="marks of its events are on one line",
    ),
    Shortfall(types=("text",), path="options.renderMode", drawn=("once",), sentence="its text is drawn once"),
    Shortfall(types=("gauge",), path="type", sentence="the gauge is drawn as a bar"),
    Shortfall(types=("singlestat",), path="type", sentence="the settings of its old type are not applied"),
)
# Settings of panels of single values that older boards have, and Grafana does not take over.
OLD_SETTINGS = (
    *("unit", "stat", "decimals", "prefix", "suffix", "minValue", "maxValue", "thresholds", "valueMappings"),
)
# Wherever the option is set.
EVERYWHERE = (Shortfall(types=(), path="repeat", sentence="is drawn once, and not for each value of {value}"),)


def shortfalls(panel: Panel) -> Iterator[str]:
    """A sentence for each."""
    if panel.h > TALLEST:
        yield f"its height of {panel.h} cells is drawn as {TALLEST}"
    texts = [
        one.sentence.format(value=_written(value))
        for one in (*EVERYWHERE, *SHORTFALLS)
        if not one.types or panel.type in one.types
        for value in _values(panel.raw, one.path)
        if one.applies(value)
    ]
    yield from dict.fromkeys(texts)
    targets = fields.mappings(panel.raw, "targets")
    if panel.type in GRAPHS and any(fields.flag(target, "exemplar") for target in targets):
        yield "its exemplars are not drawn"
    options = fields.mapping(panel.raw, "options")
    old = [name for name in OLD_SETTINGS if options.get(name) not in (None, "", [], {})]
    if old and panel.type in SINGLE:
        yield f"settings of its old form are not applied: {', '.join(old)}"
    if panel.type == "text":
        yield from _of_text(fields.text(options, "mode"), fields.text(options, "content"))


def _of_text(mode: str, content: str) -> Iterator[str]:
    if mode == "html":
        yield "HTML is drawn as its source"
    elif mode == "code":
        yield "code is drawn without colors and numbers of lines"
    else:
        yield from not_drawn(content)


def _values(raw: Mapping[str, Any], path: str) -> Iterator[object]:
    """The values of an option: in the panel, or for "custom." in the defaults and in each override."""
    if not path.startswith("custom."):
        yield _at(raw, path)
        return
    config = fields.mapping(raw, "fieldConfig")
    yield _at(fields.mapping(config, "defaults"), path)
    for override in fields.mappings(config, "overrides"):
        for item in fields.mappings(override, "properties"):
            name = fields.text(item, "id")
            if path == name:
                yield item.get("value")
            elif path.startswith(f"{name}.") and isinstance(item.get("value"), Mapping):
                yield _at(item["value"], path.removeprefix(f"{name}."))


def _at(source: object, path: str) -> object:
    for name in path.split("."):
        source = source.get(name) if isinstance(source, Mapping) else None
    return source


def _written(value: object) -> str:
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return text[:100]


def repeated_rows(board: Board) -> Iterator[tuple[str, str]]:
    """The title of each row that Grafana repeats, and a sentence for it."""
    for row in (*fields.mappings(board.raw, "rows"), *fields.mappings(board.raw, "panels")):
        is_row = "panels" in row or fields.text(row, "type") == "row"
        if is_row and (repeated := fields.text(row, "repeat")):
            yield fields.text(row, "title"), f"the row is drawn once, and not for each value of {repeated}"
