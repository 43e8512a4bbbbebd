"""The helm on PATH reads `--set`, `--set-string` and `--set-json` as in the table, and random flags as we do."""

import json
import random
import re
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from dashboards_py.errors import DashboardsError
from dashboards_py.values import helm_set
from tests.components import path_of, require
from tests.values.helm_table import Row, by_kind, chart, helm_values, rows

PIECES = (*"ab.=,", *"ab.=,", "[0]", "[2]", *"[]{}\\01+-9 x", "null", "true", "ü")
JSON = (*PIECES, '"x"', '{"a":1}', "[1,null]", "1.5", "1e3", "-0", '{"a"')
MISSING = "no such key"
ACCEPTED, REJECTED = 500, 15  # all accepted ones are one call of helm, each rejected one is its own


@pytest.fixture
def printing_chart(tmp_path: Path) -> Path:
    """The chart that prints its values."""
    require("helm")
    return chart(tmp_path / "printed")


def text(values: Any) -> str:
    """Values as text, so that 1 and true differ."""
    return json.dumps(values, sort_keys=True)


def apply_flags(flags: Sequence[str], base: dict[str, Any]) -> dict[str, Any] | None:
    """The values with flags applied by us; None if we reject one."""
    try:
        return helm_set.apply(base, **by_kind(flags))
    except DashboardsError:
        return None


def with_own_keys(row: Row, number: int) -> Row | None:
    """The row with keys at the top that no other has; None if that changes what it says, or its keys are unusual."""
    top = row["values"] or {}
    keys = {key: f"{key}_{number}" for key in top}
    if not keys or not all(re.fullmatch("[a-z]+", key) for key in keys):
        return None
    words = re.compile(rf"(?<![\w\\])({'|'.join(keys)})(?!\w)")
    values = {keys[key]: value for key, value in top.items()}
    row_flags = [words.sub(lambda word: keys[word[0]], flag) for flag in row["flags"]]
    return Row(flags=row_flags, values=values) if text(apply_flags(row_flags, {})) == text(values) else None


@pytest.mark.fault("--set is read differently from Helm")
def test_helm_agrees_with_the_table(printing_chart: Path) -> None:
    """The real helm prints the values of every line.

    Lines that can be told apart by their keys are one call of helm; each that it answers in another way is its own
    call, as are those that it refuses.
    """
    renamed = [with_own_keys(row, number) for number, row in enumerate(rows())]
    together = [row for row in renamed if row]
    assert len(together) > len(rows()) / 2
    printed = helm_values(printing_chart, [flag for row in together for flag in row["flags"]]) or {}

    def is_printed(row: Row | None) -> bool:
        values = row["values"] if row else None
        return bool(values) and text({key: printed.get(key, MISSING) for key in values or {}}) == text(values)

    apart = [row for row, own in zip(rows(), renamed, strict=True) if not is_printed(own)]
    with ThreadPoolExecutor(2) as threads:
        printed_values = threads.map(lambda row: helm_values(printing_chart, row["flags"]), apart)
    differ = [
        row["flags"] for row, real in zip(apart, printed_values, strict=True) if text(real) != text(row["values"])
    ]
    assert differ == []


# What Helm 3.17 refuses and Helm 4.3 accepts: an index without its end, and a whole object for --set-json.
REFUSED_BY_HELM_3 = re.compile(r"--set=[^]]*\[$|--set=.*\[\d+$|--set-json=\s*\{")


@pytest.mark.fault("--set is read differently from Helm")
def test_helm_3_agrees_with_the_table(printing_chart: Path) -> None:
    """It reads all lines as Helm 4 does that can be told apart by their keys, and refuses only two ways of writing."""
    helm = str(path_of("helm-3"))
    renamed = [with_own_keys(row, number) for number, row in enumerate(rows())]
    refused = [row["flags"] for row in rows() if any(map(REFUSED_BY_HELM_3.search, row["flags"])) and row["values"]]
    together = [row for row in renamed if row and not any(map(REFUSED_BY_HELM_3.search, row["flags"]))]
    assert len(together) > len(rows()) / 2
    printed = helm_values(printing_chart, [flag for row in together for flag in row["flags"]], helm) or {}
    differ = [
        row["flags"]
        for row in together
        if text({key: printed.get(key, MISSING) for key in row["values"] or {}}) != text(row["values"])
    ]
    assert differ == []
    assert len(refused) > 5
    assert [line for line in refused if helm_values(printing_chart, line, helm) is not None] == []


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
        if apply_flags([flag], {}) is None:
            rejected.append(flag)
        elif (more := apply_flags([flag], values)) is not None:
            values = more
            accepted.append(flag)
        if len(accepted) >= ACCEPTED and len(rejected) >= REJECTED:
            break
    assert text(helm_values(printing_chart, accepted)) == text(values)
    for flag in rejected[:REJECTED]:
        assert helm_values(printing_chart, [flag]) is None, flag
    report(f"helm {kind}: {ACCEPTED} random flags accepted as by Helm, {REJECTED} rejected as by Helm")
