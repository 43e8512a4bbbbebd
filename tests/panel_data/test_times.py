"""Times of the options --from and --to."""

from datetime import UTC, datetime

import pytest

from dashboards_py.errors import DashboardsError
from dashboards_py.panel_data.times import WHOLE, calendar_of, parse_time
from tests.panel_data.grafana_data import Question, read_table

CALENDAR = pytest.mark.fault("--from now-1M is not a calendar month ago")
NOW = datetime(2026, 11, 26, 13, 45, 30, tzinfo=UTC).timestamp()


@pytest.mark.parametrize(
    ("text", "is_end", "expected"),
    [
        ("now", False, "2026-11-26T13:45:30"),
        ("now-90m", False, "2026-11-26T12:15:30"),
        ("now/d", False, "2026-11-26T00:00:00"),
        ("now - 90 m", False, "2026-11-26T12:15:30"),
        ("now-h", False, "2026-11-26T12:45:30"),
        ("now/d", True, "2026-11-26T23:59:59.999000"),
        ("now/1d", False, "2026-11-26T00:00:00"),
        ("now-1d/d", False, "2026-11-25T00:00:00"),
        ("now/w", False, "2026-11-22T00:00:00"),
        ("now/w", True, "2026-11-28T23:59:59.999000"),
        ("now/M", False, "2026-11-01T00:00:00"),
        ("now/M", True, "2026-11-30T23:59:59.999000"),
        ("now/Q", False, "2026-10-01T00:00:00"),
        ("now/y", True, "2026-12-31T23:59:59.999000"),
        ("now/fy", False, "2026-01-01T00:00:00"),
        pytest.param("now-1M", False, "2026-10-26T13:45:30", marks=CALENDAR),
        pytest.param("now-1Q", False, "2026-08-26T13:45:30", marks=CALENDAR),
        pytest.param("now-1y", False, "2025-11-26T13:45:30", marks=CALENDAR),
        pytest.param("now/M-1d-9M", False, "2026-01-31T00:00:00", marks=CALENDAR),
        pytest.param("now/M-1d-8M", False, "2026-02-28T00:00:00", marks=CALENDAR),
        ("2026-11-24T17:09:00Z", False, "2026-11-24T17:09:00"),
        ("2026-11-24 17:09:00", False, "2026-11-24T17:09:00"),
        ("1764000000000", False, "2025-11-24T16:00:00"),
        ("1764000000", False, "2025-11-24T16:00:00"),
    ],
)
def test_times_are_read_as_in_grafanas_addresses(text: str, is_end: bool, expected: str) -> None:
    """Relative, rounded, ISO 8601 and epoch times, in UTC."""
    moment = parse_time(text, NOW, is_end=is_end)
    assert datetime.fromtimestamp(moment, UTC).replace(tzinfo=None).isoformat() == expected


TABLE = read_table("times")


def our_answer(question: Question) -> list[float | None]:
    """The times of a question."""
    calendar = calendar_of("", question["fiscalMonth"])
    answers: list[float | None] = []
    for text in question["texts"]:
        try:
            answers.append(parse_time(text, question["now"] / 1000, is_end=question["roundUp"], calendar=calendar))
        except DashboardsError:
            answers.append(None)
    return [answer and round(answer, 3) for answer in answers]


@pytest.mark.parametrize(("question", "answer"), TABLE, ids=range(len(TABLE)))
def test_relative_times_are_those_of_grafana(question: Question, answer: list[float | None]) -> None:
    """Sums, roundings, and what is no time: as Grafana's own code recorded it."""
    assert our_answer(question) == answer


@pytest.mark.parametrize(
    "text", ["", "yesterday", "now-", "now-5x", "12", "now/2d", "now-5", "now-1d-1h-10m-30s", "nowd", "now-٣h"]
)
def test_what_is_no_time_is_an_error_that_says_how_to_write_one(text: str) -> None:
    """Not a traceback, nor a picture of another range."""
    with pytest.raises(DashboardsError, match="is not a time"):
        parse_time(text, NOW, is_end=False)


@pytest.mark.parametrize(
    "text",
    ["now-99999999999999y", "now-99999999999999y/d", f"now-{'9' * 5000}s", "now+9000y", "0001-01-01T00:00+05:00"],
)
def test_times_that_no_picture_can_have_are_an_error(text: str) -> None:
    """Not a traceback of the calendar."""
    with pytest.raises(DashboardsError, match=r"(is before 1970 or after 9998|is not a time)$|time"):
        parse_time(text, NOW, is_end=False)


@pytest.mark.fault("an error about a fraction in --from does not say what to write")
@pytest.mark.parametrize("text", ["now-0.5h", "now-1,5d", "now+.5h/d"])
def test_a_fraction_of_a_unit_is_no_time_as_in_grafana(text: str) -> None:
    """Grafana's dateMath reads whole numbers only; the error says to write them."""
    with pytest.raises(DashboardsError, match="is not a time") as caught:
        parse_time(text, NOW, is_end=False)
    assert caught.value.fix == WHOLE


@pytest.mark.parametrize(
    ("text", "week_start", "fiscal_month", "expected"),
    [
        ("now/w", "monday", 0, "2026-11-23T00:00:00"),
        ("now/w", "saturday", 0, "2026-11-21T00:00:00"),
        ("now/w", "browser", 0, "2026-11-22T00:00:00"),
        ("now/fy", "", 9, "2026-10-01T00:00:00"),
        ("now-1fQ/fQ", "", 1, "2026-08-01T00:00:00"),
        ("now/fh", "", 1, "2026-11-26T13:45:30"),
    ],
)
def test_weeks_and_fiscal_years_begin_as_the_board_says(
    text: str, week_start: str, fiscal_month: int, expected: str
) -> None:
    """Its weekStart and fiscalYearStartMonth."""
    moment = parse_time(text, NOW, is_end=False, calendar=calendar_of(week_start, fiscal_month))
    assert datetime.fromtimestamp(moment, UTC).replace(tzinfo=None).isoformat() == expected
