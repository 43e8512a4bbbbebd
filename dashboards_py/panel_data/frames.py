"""Series of an answer as Grafana's frames: one a series, a table, or the buckets of a heatmap.

Sources: pkg/promlib/converter and pkg/promlib/querydata/response.go, which make frames of answers, and
packages/grafana-prometheus/src/result_transformer.ts, which makes tables and heatmaps of them.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from dashboards_py.panel_data import heatmaps
from dashboards_py.panel_data.frame import Field, FieldConfig, FieldType, Frame
from dashboards_py.panel_data.names import TIME, VALUE, Names
from dashboards_py.panel_data.requests import Request
from dashboards_py.panel_data.source import NativeHistogram, Series

AUTO = "__auto"
_LABEL = re.compile(r"\{\{\s*(.+?)\s*\}\}")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a request was answered."""

    request: Request
    series: tuple[Series, ...]


def frames_of(answers: Sequence[Answer]) -> tuple[Frame, ...]:
    """The frames that a panel is given for its queries: series first, then tables, then heatmaps."""
    frames = [(answer.request.format, frame) for answer in answers for frame in _of_series(answer)]
    automatic = {answer.request.ref for answer in answers if answer.request.legend == AUTO}
    frames = list(zip((form for form, _ in frames), _named([frame for _, frame in frames], automatic), strict=True))
    by_series = [
        frame
        for form, frame in frames
        if form not in ("table", "heatmap") or (form == "heatmap" and frame.kind == heatmaps.CELLS)
    ]
    tables = [frame for form, frame in frames if form == "table"]
    buckets = [frame for form, frame in frames if form == "heatmap" and frame.kind != heatmaps.CELLS]
    return (*by_series, *_tables(tables), *heatmaps.rows(buckets))


def _of_series(answer: Answer) -> Iterable[Frame]:
    """One frame a series, one without fields for an empty answer."""
    for series in answer.series:
        name = _name(answer.request, series.labels)
        metric = series.labels.get("__name__", "")
        interval = FieldConfig(interval=answer.request.step)
        moments, samples = zip(*series.samples, strict=True) if series.samples else ((), ())
        if NativeHistogram in set(map(type, samples)):
            yield heatmaps.cells(series, answer.request.ref, name, interval)
            continue
        times = Field(
            name=TIME,
            type=FieldType.TIME,
            values=_milliseconds(moments),
            config=interval,
        )
        values = Field(
            name=metric or VALUE,
            type=FieldType.NUMBER,
            values=samples,
            labels=series.labels,
            config=FieldConfig(name_from_source=name),
        )
        yield Frame(fields=(times, values), ref=answer.request.ref)
    if not answer.series:
        yield Frame(fields=(), ref=answer.request.ref)


@lru_cache(maxsize=16)
def _milliseconds(moments: tuple[float, ...]) -> tuple[float, ...]:
    """Moments in seconds as those of a field; the series of an answer mostly have the same."""
    return tuple([float(round(moment * 1000)) for moment in moments])


def _name(request: Request, labels: Mapping[str, str]) -> str:
    """What the query's legend makes of a series' labels; a series without legend is called by its labels."""
    if request.legend == AUTO and labels:
        return ""
    if request.legend and request.legend != AUTO:
        name = _LABEL.sub(lambda match: labels.get(match[1], ""), request.legend)
    else:
        pairs = (
            f"{label}={json.dumps(labels[label], ensure_ascii=False)}"
            for label in sorted(labels)
            if label != "__name__"
        )
        text = ", ".join(pairs)
        name = labels.get("__name__", "") + (f"{{{text}}}" if text or "__name__" not in labels else "")
    return request.expr if name == "{}" else name


def _named(frames: Sequence[Frame], automatic: Iterable[str]) -> Iterable[Frame]:
    """With an automatic legend a field that is called as its metric is named by what tells it from the others."""
    names = Names(frames)
    for frame in frames:
        if frame.ref not in automatic or not any(_is_metric(field) for field in frame.fields):
            yield frame
            continue
        fields = [
            replace(field, config=replace(field.config, name_from_source=names.of(replace(field, name=VALUE), frame)))
            if _is_metric(field)
            else field
            for field in frame.fields
        ]
        yield replace(frame, fields=tuple(fields))


def _is_metric(field: Field) -> bool:
    return field.labels.get("__name__") == field.name


def _tables(frames: Sequence[Frame]) -> Iterable[Frame]:
    """One table a query: the time, a column a label, and the value, numbered where several queries have tables."""
    if len(frames) == 1 and not frames[0].length:
        return tuple(frames)
    refs = list(dict.fromkeys(frame.ref for frame in frames))
    return tuple(
        _table([frame for frame in frames if frame.ref == ref], f"{VALUE} #{ref}" if len(refs) > 1 else VALUE)
        for ref in refs
    )


def _table(frames: Sequence[Frame], value_name: str) -> Frame:
    all_labels = [frame.fields[1].labels if len(frame.fields) > 1 else {} for frame in frames]
    labels = dict.fromkeys(label for names in all_labels for label in sorted(names))
    rows = [
        (time, *(of_frame.get(label, "") for label in labels), value)
        for frame, of_frame in zip(frames, all_labels, strict=True)
        if frame.fields
        for time, value in zip(frame.fields[0].values, frame.fields[1].values, strict=True)
    ]
    rows.sort(key=lambda row: row[0] if isinstance(row[0], float) else 0.0)
    columns = list(zip(*rows, strict=True)) or [()] * (len(labels) + 2)
    interval = next((frame.fields[0].config for frame in frames if frame.fields), FieldConfig())
    fields = (
        Field(name=TIME, type=FieldType.TIME, values=columns[0], config=interval),
        *(
            Field(name=label, type=FieldType.STRING, values=values)
            for label, values in zip(labels, columns[1:-1], strict=True)
        ),
        Field(name=value_name, type=FieldType.NUMBER, values=columns[-1]),
    )
    return Frame(fields=fields, ref=frames[0].ref)
