"""Events of annotations that are for some panels only."""

from typing import Any

import pytest

from dashboards_py.board import read
from dashboards_py.preview.draw import draw
from dashboards_py.preview.picture import PictureOptions
from tests.preview.panels import WINDOW, Source
from tests.preview.svg import texts

RED = "#ff0000"


def marked(settings: dict[str, Any]) -> list[bool]:
    """Whether each of two panels, of the ids 1 and 2, shows the events of an annotation with these settings."""
    result = []
    for number in (1, 2):
        panel = {"id": number, "type": "timeseries", "title": "P", "targets": [{"refId": "A", "expr": "x"}]}
        annotation = {"name": "A", "enable": True, "expr": "x", "iconColor": RED, **settings}
        document = {"schemaVersion": 41, "panels": [panel], "annotations": {"list": [annotation]}}
        picture = draw(read(document), Source({"a": [1.0, 1.0]}), PictureOptions(window=WINDOW), {})
        result.append(RED in picture.svg)
    return result


@pytest.mark.fault(
    "the query of an annotation of another data source is sent to Prometheus, or left out without a word"
)
@pytest.mark.parametrize(
    ("settings", "reads"),
    [
        ({"datasource": {"type": "loki", "uid": "l"}}, "a data source of type loki"),
        ({"datasource": "-- Grafana --", "type": "tags", "expr": ""}, "Grafana's own data"),
        ({"datasource": "-- Grafana --", "builtIn": 1, "expr": ""}, ""),
        ({"datasource": {"type": "loki", "uid": "l"}, "enable": False}, ""),
        ({"datasource": {"type": "prometheus", "uid": "${source}"}}, ""),
    ],
)
def test_events_of_other_sources_are_named(settings: dict[str, Any], reads: str) -> None:
    """Above the panels, which have none of them; those that every board has of Grafana, or that are off, are not."""
    annotation = {"name": "A", "enable": True, "expr": "x", "iconColor": RED, **settings}
    document = {"schemaVersion": 41, "panels": [], "annotations": {"list": [annotation]}}
    picture = draw(read(document), Source({"a": [1.0]}), PictureOptions(window=WINDOW), {})
    named = (("", f"annotation A is not asked: it reads {reads}"),)
    assert picture.problems == (named if reads else ())
    assert texts(picture.svg).get("problem", []) == [sentence for _, sentence in picture.problems]


@pytest.mark.fault("an annotation that is for some panels only is drawn in all")
@pytest.mark.parametrize(
    ("settings", "shown"),
    [
        ({}, [True, True]),
        ({"filter": None}, [True, True]),
        ({"filter": {"exclude": True, "ids": [1]}}, [False, True]),
        ({"filter": {"exclude": False, "ids": [1]}}, [True, False]),
        ({"filter": {"ids": [2]}}, [False, True]),
        ({"filter": {"exclude": True, "ids": []}}, [True, True]),
        ({"filter": {"exclude": False, "ids": []}}, [False, False]),
        ({"filter": {"exclude": False, "ids": "1"}}, [False, False]),
    ],
)
def test_events_are_in_the_panels_of_their_filter(settings: dict[str, Any], shown: list[bool]) -> None:
    """With `exclude` in all the others."""
    assert marked(settings) == shown
