"""The bounds of the fuzz tests can fail."""

from time import process_time

import pytest

from dashboards_py.errors import DashboardsError
from tests.fuzz import bounds
from tests.fuzz.bounds import bounded

LARGE = 64 * 1024 * 1024  # bytes


@pytest.fixture(autouse=True)
def _small_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "MEMORY", LARGE // 2048)


def _read(*, fails: bool) -> None:
    """Allocate memory and free it."""
    assert b"x" * LARGE
    if fails:
        raise DashboardsError("x")


def _compute(seconds: float) -> None:
    begun = process_time()
    while process_time() - begun < seconds:
        pass


@pytest.mark.skipif(not bounds.RESET.exists(), reason="the peak of a process cannot be measured anew on this system")
@pytest.mark.parametrize("fails", [False, True], ids=["read", "refused"])
def test_a_reader_that_allocates_is_noticed(fails: bool) -> None:
    """Also one that frees it again, or then refuses the document, and although the process once had more memory."""
    assert len(b"x" * (2 * LARGE)) == 2 * LARGE  # which is freed at once
    with pytest.raises(AssertionError), bounded():
        _read(fails=fails)
    with bounded():
        pass


def test_a_reader_that_is_slow_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """By the time of the processor."""
    monkeypatch.setattr(bounds, "SECONDS", 0.02)
    with pytest.raises(AssertionError), bounded():
        _compute(0.03)
    with bounded():
        pass
