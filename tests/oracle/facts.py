"""The facts that are committed: what the programs printed of each version, and what real components exposed."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from dashboards_py.catalog import Metric, Release

DIRECTORY = Path(__file__).parent / "facts"
# The components that the program `declared` knows, by the catalogue's name, and the flags that show all they have.
DECLARED: Mapping[str, str] = {
    "cilium-agent": "agent",
    "cilium-operator": "operator",
    "clustermesh-apiserver": "clustermesh",
    "kvstoremesh": "kvstoremesh",
}
# What stands for the namespace that each component gives the metrics of code that they share.
NAMESPACES: Mapping[str, str] = {
    "cilium-agent": "cilium",
    "cilium-operator": "cilium_operator",
    "clustermesh-apiserver": "cilium_clustermesh_apiserver",
    "kvstoremesh": "cilium_kvstoremesh",
}


@dataclass(frozen=True, slots=True)
class Fact:
    """What one program says of a metric. What it cannot know is None.

    `by` is declared, exposed or defined: registered in the component, seen in an exposition of it, or written in the
    source; `at` is the file and line of the source. `closed` holds the values that Cilium itself lists, `values` those
    of series that were there, `written` those that the source writes, which may be more where that label is in `open`.
    `default_on` is None where no `--metrics` switches it, `switch` its name there.
    """

    name: str
    by: str
    type: str | None = None
    labels: frozenset[str] | None = None
    histogram_kinds: tuple[str, ...] | None = None
    default_on: bool | None = None
    switch: str | None = None
    closed: Mapping[str, frozenset[str]] = field(default_factory=dict, hash=False)
    values: Mapping[str, frozenset[str]] = field(default_factory=dict, hash=False)
    written: Mapping[str, frozenset[str]] = field(default_factory=dict, hash=False)
    open: frozenset[str] = frozenset()
    at: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """Elements of `hubble.metrics.enabled`, and the metrics that the handlers then had; `error` where none started."""

    handlers: tuple[str, ...]
    metrics: Mapping[str, Fact] = field(hash=False)
    error: str = ""


def versions() -> tuple[str, ...]:
    """The versions of Cilium whose facts are committed, ascending."""
    return tuple(sorted((path.name for path in DIRECTORY.iterdir() if path.is_dir()), key=_parts))


def version_of(release: Release) -> str:
    """The version with facts of that release, or of the last one before it."""
    known = [version for version in versions() if Release.parse(version) <= release]
    return (known or list(versions()))[-1 if known else 0]


def _parts(version: str) -> tuple[int, ...]:
    return tuple(map(int, re.findall(r"\d+", version)))


@cache
def rows(version: str, name: str) -> tuple[Mapping[str, Any], ...]:
    """The lines of one file; () where there is none."""
    path = DIRECTORY / version / f"{name}.jsonl"
    if not path.is_file():
        return ()
    return tuple(json.loads(line) for line in path.read_text(encoding="utf-8").splitlines())


@cache
def declared(version: str, component: str) -> tuple[Fact, ...]:
    """What the component registers."""
    return tuple(_fact(row, "declared") for row in rows(version, f"{component}.declared"))


@cache
def exposed(version: str, component: str) -> tuple[Fact, ...]:
    """What a real one exposed, in each of its configurations that was run."""
    files = sorted((DIRECTORY / version).glob(f"{component}.exposed*.jsonl"))
    return tuple(_fact(row, "exposed") for file in files for row in rows(version, file.stem))


def registered_rows(version: str, component: str) -> Mapping[str, Mapping[str, Any]]:
    """The lines about a component's metrics as they are committed, by name: what it registers before what was seen."""
    files = sorted((DIRECTORY / version).glob(f"{component}.exposed*.jsonl"))
    seen = [row for file in files for row in rows(version, file.stem)]
    handlers = [row for entry in rows(version, "hubble.entries")[:1] for row in entry.get("metrics", ())]
    lines = (*(handlers if component == "hubble" else ()), *seen, *rows(version, f"{component}.declared"))
    return {row["name"]: row for row in lines}


@cache
def defined(version: str, component: str) -> tuple[Fact, ...]:
    """What the source writes down under a name that this component's namespace makes; with file and line."""
    namespace = NAMESPACES.get(component, "")
    return tuple(fact for row in rows(version, "defined") if (fact := _definition(row, namespace)))


@cache
def entries(version: str) -> tuple[Entry, ...]:
    """What Hubble's handlers had with each of the entries that were tried."""
    return tuple(
        Entry(
            tuple(row["handlers"]),
            {metric["name"]: _fact(metric, "exposed") for metric in row.get("metrics", ())},
            row.get("error", ""),
        )
        for row in rows(version, "hubble.entries")
    )


@cache
def closed_values(version: str) -> Mapping[tuple[str, str], frozenset[str]]:
    """What can be read of a label, by metric and label: lists that Cilium's code has, played to its handlers."""
    lists = {(row["metric"], row["label"]): frozenset(row["values"]) for row in rows(version, "values")}
    for component in DECLARED:
        for fact in declared(version, component):
            lists |= {(fact.name, label): values for label, values in fact.closed.items()}
    return lists


def lists_all(metric: Metric, label: str) -> bool:
    """Whether Cilium lists the values on every release that has the metric: only then examples become a closed list."""
    of_release = {Release.parse(version): version for version in versions()}
    return all(
        release in of_release and (metric.name, label) in closed_values(of_release[release])
        for release in metric.releases
        if label in metric.labels_on(release)
    )


def _fact(row: Mapping[str, Any], by: str) -> Fact:
    return Fact(
        name=row["name"],
        by=by,
        type=row.get("type"),
        labels=frozenset((*row.get("labels", ()), *row.get("const", ()))),
        histogram_kinds=tuple(row["histogram"]) if "histogram" in row else None,
        default_on=row.get("on"),
        switch=row.get("config"),
        closed={label: frozenset(values) for label, values in row.get("closed", {}).items()},
        values={label: frozenset(values) for label, values in row.get("values", {}).items()},
    )


def _definition(row: Mapping[str, Any], namespace: str) -> Fact | None:
    """A definition with the component's namespace in place of one that varies; None where that cannot be."""
    name: str = row["name"]
    if name.startswith("*_"):
        name = f"{namespace}_{name[2:]}" if namespace else name
    return Fact(
        name=name,
        by="defined",
        type=row.get("type"),
        labels=frozenset(row.get("labels", ())) if row.get("labels_known") else None,
        written={label: frozenset(values) for label, values in row.get("written", {}).items()},
        open=frozenset(row.get("open", ())),
        at=row["at"],
    )


def pattern(fact: Fact) -> re.Pattern[str]:
    """The names that a definition may have: what is still open in it is any words, or none."""
    return re.compile(re.escape(fact.name).replace(r"\*", "[a-z0-9_]*"))


def matching(facts: Sequence[Fact], name: str) -> Iterator[Fact]:
    """The facts of that name."""
    return (fact for fact in facts if fact.name == name or ("*" in fact.name and pattern(fact).fullmatch(name)))
