"""What promtool says of unit tests of alerts. Those that do not read each other's series share a storage.

Each test that promtool runs opens a storage, which takes longer than most alerts take to be evaluated. A rule sees the
samples of the names that its expression selects, up to the moment of the evaluation: other alerts over series with
other names, also those of other faults and of longer tests, change nothing for it.
"""

import json
import re
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.rules.history import Labels
from tests.rules.unit_tests import Unit

SAMPLE = re.compile(r"\{(.*?)\} ([-+.\deE]+|NaN)")
ANSWER = re.compile(
    r'^ *expr: (.*), time: .*\n *exp: *"?nil"?,? *\n *got: *(.*)$', re.MULTILINE
)  # to a query of a unit test
ALERTS = re.compile(r"^ *alertname: (\w+), time: .*?got:\[(.*?)\n {12}\]", re.MULTILINE | re.DOTALL)
OUTPUT = re.compile(r"^  (?:SUCCESS|FAILED:)$.*?(?=^  SUCCESS$|^  FAILED:$|\Z)", re.MULTILINE | re.DOTALL)
NAME = re.compile(r'alertname=\\*"(\w+)')
PAIR = re.compile(r'(\w+)="((?:[^"\\]|\\.)*)"')
SIMILAR = 0.75  # of the longest test of a storage: each rule is evaluated for as long as that
Moments = dict[str, dict[Labels, float]]


@dataclass(frozen=True, slots=True)
class Spell:
    """When an alert with some labels was first pending, first and last firing: seconds after the first sample."""

    pending: float | None
    first: float | None
    last: float | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What Prometheus said: spells by label set, and the texts of the alerts at the deadline."""

    spells: Mapping[Labels, Spell]
    texts: str

    @property
    def firing(self) -> Mapping[Labels, Spell]:
        """The label sets that fired."""
        return {labels: spell for labels, spell in self.spells.items() if spell.first is not None}


@dataclass(slots=True)
class Shared:
    """Units that share a storage, the samples of the longest one, and the names of the series that they read."""

    step: float
    length: int
    units: list[Unit] = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    alerts: set[str] = field(default_factory=set)

    def takes(self, unit: Unit) -> bool:
        """Whether the unit and those that are in the storage do not read each other's series, and last as long."""
        apart = "" not in unit.reads | self.names and self.names.isdisjoint(unit.reads)
        similar = self.step == unit.timeline.step and len(unit.timeline.seconds) >= SIMILAR * self.length
        return apart and similar and unit.alert.alert not in self.alerts

    def add(self, unit: Unit) -> None:
        """Add a unit that the storage takes."""
        self.units.append(unit)
        self.names |= unit.reads
        self.alerts.add(unit.alert.alert)


def shared(units: Iterable[Unit]) -> list[Shared]:
    """Storages for all units, few ones: the longest tests first."""
    storages: list[Shared] = []
    for unit in sorted(units, key=lambda unit: (-len(unit.timeline.seconds), unit.key)):
        storage = next((storage for storage in storages if storage.takes(unit)), None)
        if storage is None:
            storage = Shared(unit.timeline.step, len(unit.timeline.seconds))
            storages.append(storage)
        storage.add(unit)
    return storages


def run(units: Iterable[Unit], directory: Path, promtool: str = "promtool") -> dict[str, Verdict]:
    """The verdicts of promtool by the units' keys: each expectation of a test is empty, so that it prints what is."""
    storages = shared({unit.key: unit for unit in units}.values())
    if not storages:
        return {}
    files = []
    for number, storage in enumerate(storages):
        files.append(directory / f"{number}.test.json")
        files[-1].write_text(_file(storage.units, directory), encoding="utf-8")
    completed = subprocess.run(
        [promtool, "test", "rules", *map(str, files)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    outputs = OUTPUT.findall(completed.stdout)
    if len(outputs) != len(files):
        raise AssertionError(f"promtool: {completed.stdout[:2000]}")
    return {
        unit.key: verdict
        for storage, output in zip(storages, outputs, strict=True)
        for unit, verdict in zip(storage.units, _verdicts(storage.units, output), strict=True)
    }


def _file(units: Sequence[Unit], directory: Path) -> str:
    """The unit tests as one, and their rule files, which are written into the directory."""
    test: dict[str, Any] = {}
    for unit in units:
        (directory / f"{unit.key}.rules.json").write_text(unit.rule, encoding="utf-8")
        for key, value in json.loads(unit.text).items():
            test[key] = test.get(key, []) + value if isinstance(value, list) else value
    rule_files = [f"{unit.key}.rules.json" for unit in units]
    step = f"{units[0].timeline.step:.0f}s"
    return json.dumps({"rule_files": rule_files, "evaluation_interval": step, "tests": [test]})


def _unquoted(answer: str) -> str:
    """An answer as Prometheus 3 prints it; Prometheus 2 prints it as a string of Go."""
    return str(json.loads(answer)) if answer.startswith('"') else answer


def _verdicts(units: Sequence[Unit], output: str) -> Iterable[Verdict]:
    """What the test of a storage printed: nothing but SUCCESS where no alert was ever pending."""
    moments: dict[str, Moments] = {unit.alert.alert: {"pending": {}, "first": {}, "last": {}} for unit in units}
    for query, answer in ANSWER.findall(output):
        kind = "pending" if "pending" in query else "last" if "max_over_time" in query else "first"
        [alert] = NAME.findall(query)
        for labels, value in SAMPLE.findall(_unquoted(answer)):
            own = tuple((name, text) for name, text in PAIR.findall(labels) if name not in ("alertname", "alertstate"))
            moments[alert][kind][own] = float(value)
    if "SUCCESS" not in output and not ANSWER.search(output):  # an error ends the test before the queries
        raise AssertionError(f"promtool: {output.strip()}")
    texts = dict(ALERTS.findall(output))
    return [Verdict(_spells(moments[unit.alert.alert]), texts.get(unit.alert.alert, "")) for unit in units]


def _spells(moments: Moments) -> dict[Labels, Spell]:
    known = {labels for of_kind in moments.values() for labels in of_kind}
    return {labels: Spell(*(moments[kind].get(labels) for kind in moments)) for labels in sorted(known)}
