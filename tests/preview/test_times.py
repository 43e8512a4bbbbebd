"""Times of the options --from and --to."""

from datetime import UTC, datetime

import pytest

from dashboards_py.errors import DashboardsError
from dashboards_py.preview.times import parse_time

NOW = datetime(2026, 11, 26, 13, 45, 30, tzinfo=UTC).timestamp()


@pytest.mark.parametrize(
    ("text", "is_end", "expected"),
    [
        ("now", False, "2026-11-26T13:45:30"),
        ("now-90m", False, "2026-11-26T12:15:30"),
        ("now/d", False, "2026-11-26T00:00:00"),
        ("now/d", True, "2026-11-26T23:59:59"),
        ("now-1d/d", False, "2026-11-25T00:00:00"),
        ("now/w", False, "2026-11-23T00:00:00"),
        ("now/M", False, "2026-11-01T00:00:00"),
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


@pytest.mark.parametrize("text", ["", "yesterday", "now-", "now-5x", "12"])
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
