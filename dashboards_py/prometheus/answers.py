"""The shape of answers of Prometheus' HTTP API, checked once for all who ask: odd answers end as errors, not as bugs.

What answers may be a proxy, a recording, or a server that is only similar. An empty list may come as null, as Go writes
a slice that was never made. Numbers of series over a range are read where they are drawn (`panel_data`).
"""

import math
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from dashboards_py.errors import UNKNOWN, DashboardsError

Labels = Mapping[str, str]
LATEST = 253_402_300_800.0  # Unix seconds: there are dates up to the year 9999
LONGEST = 60  # characters of what is malformed, in a message
OF_TARGET = ("scrapePool", "scrapeUrl", "health", "lastError", "scrapeInterval", "scrapeTimeout")  # texts


def checked(path: str, answer: Any) -> Any:
    """The data of the answer to a request, with lists instead of null; any other shape raises DashboardsError."""
    if path.startswith("label/") or path == "labels":
        return [_text("value of a label", value) for value in _list("list of values", answer)]
    check = next((check for name, check in CHECKS.items() if path == name or path.startswith(f"{name}/")), None)
    return check(answer) if check else answer


def rows_of(answer: Any) -> list[tuple[Labels, float]]:
    """The labels and values of an answer to an instant query; a native histogram counts as NaN."""
    if answer["resultType"] == "scalar":
        return [({}, float(answer["result"][1]))]
    return [(row["metric"], float(row["value"][1]) if "value" in row else math.nan) for row in answer["result"]]


def texts_of(value: Any) -> list[str]:
    """The texts in what should be a list of them: remarks are not worth an error."""
    return [text for text in value if isinstance(text, str)] if isinstance(value, list) else []


def whole(value: float) -> int:
    """A count; NaN and infinity, which no count has, raise DashboardsError."""
    if not math.isfinite(value):
        raise _malformed("count", value)
    return int(value)


def is_moment(value: float) -> bool:
    """Whether Unix seconds have a date."""
    return 0 <= value < LATEST


def moment(value: float) -> float:
    """Unix seconds that have a date; others raise DashboardsError."""
    if not is_moment(value):
        raise _malformed("time", value)
    return value


def _result(answer: Any) -> Mapping[str, Any]:
    kind = _object("result", answer).get("resultType")
    result = answer.get("result")
    if kind in ("scalar", "string"):
        if not _is_sample(result, is_number=kind == "scalar"):
            raise _malformed(kind, result)
        return _mapping(answer)
    if kind not in ("vector", "matrix"):
        raise _malformed("result", answer)
    for row in _list("result", result):
        _check_row(kind, row)
    return _mapping(answer) if result else {**answer, "result": []}


def _check_row(kind: str, row: Any) -> None:
    """Refuse what is no series; its labels are set where they are null. Answers may have many thousands."""
    labels = _object("series", row).get("metric")
    if not (type(labels) is dict and set(map(type, labels.values())) <= {str}):
        row["metric"] = _labels(labels)
    if kind == "vector" and not (_is_sample(row.get("value")) if "value" in row else "histogram" in row):
        raise _malformed("sample", row)


def _is_sample(pair: Any, *, is_number: bool = True) -> bool:
    """Whether it is a time with a value, as a text; one of a scalar or of a series is a number."""
    if not (isinstance(pair, list) and len(pair) == 2 and isinstance(pair[1], str)):
        return False
    if isinstance(pair[0], bool) or not isinstance(pair[0], int | float):
        return False
    try:
        return not is_number or isinstance(float(pair[1]), float)
    except ValueError:
        return False


def _labels(value: Any) -> Labels:
    labels = {} if value is None else _object("list of labels", value)
    return {name: _text("value of a label", text) for name, text in labels.items()}


def _targets(answer: Any) -> Mapping[str, Any]:
    targets = [_target(target) for target in _list("list of targets", _object("answer", answer).get("activeTargets"))]
    return {**answer, "activeTargets": targets}


def _target(target: Any) -> Mapping[str, Any]:
    named = {name: _labels(_object("target", target).get(name)) for name in ("labels", "discoveredLabels")}
    texts = {name: _text("target", target.get(name) or "") for name in OF_TARGET}
    return {**target, **named, **texts}


def _rules(answer: Any) -> Mapping[str, Any]:
    groups = [
        {**_object("group of rules", group), "rules": list(_objects("rule", group.get("rules")))}
        for group in _objects("group of rules", _object("answer", answer).get("groups"))
    ]
    return {**answer, "groups": groups}


def _described(answer: Any) -> list[Mapping[str, Any]]:
    return [{**row, "metric": _text("metric", row.get("metric"))} for row in _objects("metric", answer)]


def _mapping(answer: Any) -> Mapping[str, Any]:
    return {} if answer is None else _object("answer", answer)


CHECKS: Mapping[str, Callable[[Any], Any]] = {
    "query": _result,
    "query_range": _result,
    "series": lambda answer: list(map(_labels, _list("list of series", answer))),
    "targets/metadata": _described,
    "targets": _targets,
    "rules": _rules,
    "metadata": _mapping,
    "status": _mapping,
    "stores": _mapping,
}


def _objects(kind: str, value: Any) -> Iterable[Mapping[str, Any]]:
    return (_object(kind, item) for item in _list(f"list of {kind}s", value))


def _object(kind: str, value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _malformed(kind, value)
    return value


def _list(kind: str, value: Any) -> list[Any]:
    if value is not None and not isinstance(value, list):
        raise _malformed(kind, value)
    return value or []


def _text(kind: str, value: Any) -> str:
    if not isinstance(value, str):
        raise _malformed(kind, value)
    return value


def _malformed(kind: str, value: Any) -> DashboardsError:
    try:
        shown = repr(value)[:LONGEST]
    except ValueError:  # an integer with more digits than Python writes
        shown = "a number that is too large"
    return DashboardsError("Prometheus", cause=f"its answer has a malformed {kind}: {shown}", reason=UNKNOWN)
