"""Write the facts of a version into the catalogue; what a program cannot know is kept."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from dashboards_py.catalog import RELEASES, Metric, Release, components
from dashboards_py.catalog.dump import DIRECTORY, canonical
from dashboards_py.catalog.metric import read as metric_of
from tests.oracle import facts
from tests.oracle.compare import COMPONENTS, Disagreement, explanations
from tests.oracle.facts import DECLARED

FILE = "metrics.json"
Row = dict[str, Any]
# Units by the end of a name; what no end fits is counted.
UNITS: Mapping[str, str] = {
    "_seconds": "seconds",
    "_seconds_total": "seconds",
    "_bytes": "bytes",
    "_bytes_total": "bytes",
    "_milliseconds": "milliseconds",
}


def rewrite(version: str, directory: Path = DIRECTORY) -> tuple[str, ...]:
    """Update the catalogue in that directory; returns a line for what was changed in each entry."""
    path = directory / FILE
    before: list[Row] = json.loads(path.read_text(encoding="utf-8"))
    after, messages = rewritten(before, version)
    path.write_text(canonical(FILE, after), encoding="utf-8")
    return messages


def rewritten(rows: Sequence[Row], version: str) -> tuple[list[Row], tuple[str, ...]]:
    """The rows with what is known of that version, and a line for each change."""
    release = Release.parse(version)
    by_key = {(row["name"], row["component"]): dict(row) for row in rows}
    messages: list[str] = []
    for component in (name for name in COMPONENTS if name in components()):
        running = facts.registered_rows(version, component)
        for name, raw in running.items():
            row = by_key.get((name, component))
            if row is None or not _exists(row, release):
                if not _explained(version, component, name, "unknown"):
                    by_key[name, component] = _new(row, raw, component, version)
                    messages.append(f"new: {component} {name}: write its help, and what turns it on")
                continue
            messages += [f"{component} {name}: {line}" for line in _update(row, raw, version)]
        for name in sorted(_declared_before(version, component) - set(running)):
            row = by_key.get((name, component))
            if row is not None and _exists(row, release):
                row["removed"] = str(release)
                messages.append(f"gone: {component} {name}: removed in {release}; write what replaces it")
    for (metric, label), values in sorted(facts.closed_values(version).items()):
        for (name, component), row in by_key.items():
            if (
                name == metric
                and _exists(row, release)
                and not _explained(version, component, name, "closed", label)
                and _closes(row, label, values, release)
            ):
                messages.append(f"{component} {name}.{label}: {len(values)} values")
    return list(by_key.values()), tuple(messages)


def _exists(row: Row, release: Release) -> bool:
    return metric_of(row).exists_on(release)


def _explained(version: str, component: str, name: str, what: str, label: str = "") -> bool:
    """Whether the table of explanations says why the catalogue differs there."""
    one = Disagreement(version, component, name, what, label, "", "")
    return any(explanation.fits(one) for explanation in explanations())


def _declared_before(version: str, component: str) -> set[str]:
    """What the hive of the version before declared."""
    earlier = [known for known in facts.versions() if Release.parse(known) < Release.parse(version)]
    if not earlier or component not in DECLARED:
        return set()
    return {fact.name for fact in facts.declared(earlier[-1], component) if fact.default_on is not None}


def _new(row: Row | None, raw: Mapping[str, Any], component: str, version: str) -> Row:
    """An entry for what the catalogue lacks; a reviewer writes its help, which a test asks for."""
    name = raw["name"]
    new: Row = {
        "name": name,
        "component": component,
        "type": raw.get("type", "gauge"),
        "labels": _labels(raw),
        "unit": next((unit for end, unit in UNITS.items() if name.endswith(end)), "count"),
        "help": "",
        "since": str(Release.parse(version)),
        "source": _source(version, component, name),
        **(row or {}),
    }
    new.pop("removed", None)
    _update(new, raw, version)
    return new


def _source(version: str, component: str, name: str) -> str:
    written = next(facts.matching(facts.defined(version, component), name), None)
    return f"{written.at} ({Release.parse(version)})" if written else f"tests/oracle/facts/{version}"


def _labels(raw: Mapping[str, Any]) -> list[str]:
    return [*raw.get("labels", ()), *raw.get("const", ())]


def _update(row: Row, raw: Mapping[str, Any], version: str) -> list[str]:
    """Change what differs, at that release only; returns a description of the changes."""
    release = Release.parse(version)
    metric = metric_of(row)
    changed = []
    if raw.get("type", metric.type_on(release)) != metric.type_on(release):
        _set(row, "type", release, raw["type"], metric.type_on)
        changed.append(f"{metric.type_on(release)} -> {raw['type']}")
    labels = _labels(raw)
    if not metric.handler and (labels or "on" in raw) and set(labels) != set(metric.labels_on(release)):
        _set(row, "labels", release, labels, lambda at: list(metric.labels_on(at)))
        changed.append(f"labels {' '.join(metric.labels_on(release))} -> {' '.join(labels)}")
    if "histogram" in raw and tuple(raw["histogram"]) != metric.histogram_kinds_on(release):
        _set(row, "histogram_kinds", release, raw["histogram"], lambda at: list(metric.histogram_kinds.on(at)))
        changed.append(f"histogram {' '.join(raw['histogram'])}")
    if "on" in raw and raw["on"] == metric.off.on(release):
        _set(row, "off", release, not raw["on"], metric.off.on)
        changed.append("on by default" if raw["on"] else "off by default")
    if raw.get("config", metric.switch_on(release)) != metric.switch_on(release):
        _set(row, "switch", release, raw["config"], metric.switch_on)
        changed.append(f"switched by {raw['config']}")
    return changed


def _closes(row: Row, label: str, values: Iterable[str], release: Release) -> bool:
    """Make the label's values those of a list that Cilium has; whether that changes anything."""
    metric = metric_of(row)
    wanted = sorted(values)
    if label not in metric.labels_on(release) or (
        metric.is_closed(label) and sorted(metric.values_on(label, release)) == wanted
    ):
        return False
    if not metric.is_closed(label) and not facts.lists_all(metric, label):
        return False
    held = list(metric.values_on(label, release))
    ordered = [value for value in held if value in wanted] + [value for value in wanted if value not in held]
    examples = dict(row.get("examples", {}))
    examples.pop(label, None)
    value_lists: dict[str, Any] = dict(row.get("values", {}))
    holder: Row = {"values": value_lists.get(label, [])}
    _set(holder, "values", release, ordered, lambda at: list(metric.values_on(label, at)), metric)
    row["values"] = {**value_lists, label: holder["values"]}
    row["examples"] = examples
    return True


def _set(
    row: Row, key: str, release: Release, value: Any, on: Callable[[Release], Any], metric: Metric | None = None
) -> None:
    """A field with another value on one release: plain where that leaves one for all, else by release."""
    present = (metric or metric_of(row)).releases or RELEASES
    steps = {str(at): value if at == release else on(at) for at in present}
    distinct = [step for number, step in enumerate(steps.values()) if step not in list(steps.values())[:number]]
    row[key] = distinct[0] if len(distinct) == 1 else steps


def summary(messages: Sequence[str]) -> Sequence[str]:
    """The lines in the order in which a reviewer reads them: what is new and gone first."""
    return sorted(messages, key=lambda line: (not line.startswith("new"), not line.startswith("gone"), line))
