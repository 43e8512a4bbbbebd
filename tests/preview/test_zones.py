"""The time zones of a panel's own axes."""

import pytest

from tests.preview.panels import panel_picture
from tests.preview.svg import texts


@pytest.mark.fault("the times of a panel with a time zone of its own are those of the board")
def test_the_axis_has_times_of_the_panel_s_zone() -> None:
    """An hour that begins at 09:00 in UTC begins at 18:00 in Tokyo."""
    without, shown = (
        texts(panel_picture("timeseries", options=options).svg) for options in ({}, {"timezone": ["Asia/Tokyo"]})
    )
    assert without["axis-time"][0] == "09:00"
    assert shown["axis-time"] == [f"{int(text[:2]) + 9}{text[2:]}" for text in without["axis-time"]]
    assert "axis-zone" not in shown


def test_each_of_several_zones_has_an_axis() -> None:
    """With its name, which takes the room of the first two ticks; one that is empty is that of the board."""
    picture = panel_picture("timeseries", options={"timezone": ["Asia/Tokyo", ""]})
    drawn = texts(picture.svg)
    assert drawn["axis-zone"] == ["Asia/Tokyo", "UTC"]
    half = len(drawn["axis-time"]) // 2
    assert drawn["axis-time"][:half] == [f"{int(text[:2]) + 9}{text[2:]}" for text in drawn["axis-time"][half:]]
    assert not picture.problems


def test_the_first_zone_is_that_of_a_state_timeline() -> None:
    """As in Grafana, which has one axis there."""
    drawn = texts(panel_picture("state-timeline", options={"timezone": ["Asia/Tokyo", "utc"]}).svg)
    assert drawn["axis-time"][0] == "18:00"
    assert "axis-zone" not in drawn


def test_only_a_zone_that_is_drawn_is_named() -> None:
    """A state timeline says nothing of a second zone that is not known, nor of many zones."""
    zones = ["Asia/Tokyo", "Mars/Olympus", *["utc"] * 20]
    assert panel_picture("state-timeline", options={"timezone": zones}).problems == ()


def test_a_zone_that_is_not_known_is_named() -> None:
    """In the panel and among the problems, and its times are in UTC."""
    picture = panel_picture("timeseries", options={"timezone": ["Mars/Olympus"]})
    assert picture.problems == (("P", "its times are in UTC: 'Mars/Olympus' is not known as a time zone"),)
    assert texts(picture.svg)["axis-time"][0] == "09:00"
