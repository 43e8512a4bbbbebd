"""The helm on PATH reads `--set`, `--set-string` and `--set-json` as in the table, and random flags as we do."""

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
from tests.values.helm_table import by_kind, chart, helm_values, rows

PIECES = (*"ab.=,", *"ab.=,", "[0]", "[2]", *"[]{}\\01+-9 x", "null", "true", "ü")
JSON = (*PIECES, '"x"', '{"a":1}', "[1,null]", "1.5", "1e3", "-0", '{"a"')
ACCEPTED, REJECTED = 500, 15  # all accepted ones are one call of helm, each rejected one is its own


@pytest.fixture
def printing_chart(tmp_path: Path) -> Path:
    """The chart that prints its values."""
    require("helm")
    return chart(tmp_path / "printed")


def text(values: Any) -> str:
    """Values as text, so that 1 and true differ."""
    return json.dumps(values, sort_keys=True)


@pytest.mark.fault("--set is read differently from Helm")
def test_helm_agrees_with_the_table(printing_chart: Path) -> None:
    """The real helm prints the values of every line."""
    with ThreadPoolExecutor(2) as threads:
        printed_values = threads.map(lambda row: helm_values(printing_chart, row["flags"]), rows())
    differ = [
        row["flags"] for row, real in zip(rows(), printed_values, strict=True) if text(real) != text(row["values"])
    ]
    assert differ == []


def apply_flag(flag: str, base: dict[str, Any]) -> dict[str, Any] | None:
    """The values with a flag applied by us; None if we reject it."""
    try:
        return helm_set.apply(base, **by_kind([flag]))
    except DashboardsError:
        return None


def flags(kind: str, rng: random.Random) -> Iterator[str]:
    """Endless random flags from meaningful pieces; most of them start with a unique key."""
    for number in count():
        pieces = rng.choices(JSON if kind == "--set-json" else PIECES, k=rng.randint(1, 10))
        start = f"k{number}{rng.choice(('', '=', '.a=', '[0]', '[1].'))}" if rng.random() < 0.8 else ""
        yield f"{kind}={start}{''.join(pieces)}"


@pytest.mark.fault("--set is read differently from Helm")
@pytest.mark.parametrize("kind", ["--set", "--set-string", "--set-json"])
def test_random_flags(printing_chart: Path, kind: str, report: Callable[[str], None]) -> None:
    """Helm accepts what we accept, all flags in one call and with the same values, and rejects what we reject."""
    values: dict[str, Any] = {}
    accepted: list[str] = []
    rejected: list[str] = []
    for flag in flags(kind, random.Random(14)):
        if apply_flag(flag, {}) is None:
            rejected.append(flag)
        elif (more := apply_flag(flag, values)) is not None:
            values = more
            accepted.append(flag)
        if len(accepted) >= ACCEPTED and len(rejected) >= REJECTED:
            break
    assert text(helm_values(printing_chart, accepted)) == text(values)
    for flag in rejected[:REJECTED]:
        assert helm_values(printing_chart, [flag]) is None, flag
    report(f"helm {kind}: {ACCEPTED} random flags accepted as by Helm, {REJECTED} rejected as by Helm")
