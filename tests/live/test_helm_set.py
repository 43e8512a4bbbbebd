"""The helm on PATH reads `--set`, `--set-string` and `--set-json` as the table says, and random flags as we do."""

import json
import random
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from dashboards_py.errors import DashboardsError
from dashboards_py.values import helm_set
from tests.components import require
from tests.values.helm_table import ask, by_kind, chart, rows

PIECES = (*"ab.=,", *"ab.=,", "[0]", "[2]", *"[]{}\\01+-9 x", "null", "true", "ü")
JSON = (*PIECES, '"x"', '{"a":1}', "[1,null]", "1.5", "1e3", "-0", '{"a"')
TAKEN, REFUSED = 500, 50


@pytest.fixture
def printed(tmp_path: Path) -> Path:
    """The chart that prints its values."""
    require("helm")
    return chart(tmp_path / "printed")


def text(values: Any) -> str:
    """Values in one form: 1 is not true."""
    return json.dumps(values, sort_keys=True)


@pytest.mark.fault("--set is read otherwise than by Helm")
def test_the_table_is_what_helm_says(printed: Path) -> None:
    """Every line, with the real helm."""
    with ThreadPoolExecutor(2) as threads:
        printed_values = threads.map(lambda row: ask(printed, row["flags"]), rows())
    differ = [
        row["flags"] for row, real in zip(rows(), printed_values, strict=True) if text(real) != text(row["values"])
    ]
    assert differ == []


def apply_flag(flag: str, base: dict[str, Any]) -> dict[str, Any] | None:
    """What we make of a flag on top of some values; None where we refuse it."""
    try:
        return helm_set.apply(base, **by_kind([flag]))
    except DashboardsError:
        return None


def flags(kind: str, chance: random.Random) -> Iterator[str]:
    """Flags without end, made of what has a meaning; most of them begin with a key of their own."""
    for number in count():
        pieces = chance.choices(JSON if kind == "--set-json" else PIECES, k=chance.randint(1, 10))
        start = f"k{number}{chance.choice(('', '=', '.a=', '[0]', '[1].'))}" if chance.random() < 0.8 else ""
        yield f"{kind}={start}{''.join(pieces)}"


@pytest.mark.fault("--set is read otherwise than by Helm")
@pytest.mark.parametrize("kind", ["--set", "--set-string", "--set-json"])
def test_random_flags(printed: Path, kind: str, report: Callable[[str], None]) -> None:
    """What we take Helm takes, in one call with all of it and with the same values; what we refuse it refuses."""
    values: dict[str, Any] = {}
    taken: list[str] = []
    refused: list[str] = []
    for flag in flags(kind, random.Random(14)):
        if apply_flag(flag, {}) is None:
            refused.append(flag)
        elif (more := apply_flag(flag, values)) is not None:
            values = more
            taken.append(flag)
        if len(taken) >= TAKEN and len(refused) >= REFUSED:
            break
    assert text(ask(printed, taken)) == text(values)
    for flag in refused[:REFUSED]:
        assert ask(printed, [flag]) is None, flag
    report(f"helm {kind}: {TAKEN} random flags taken as by Helm, {REFUSED} refused as by Helm")
