"""Run the programs of one version and write what they print as facts."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from dashboards_py.catalog import CONTEXT_LABELS, Release
from dashboards_py.errors import DashboardsError
from dashboards_py.values.keys import HANDLERS, effective_value
from tests.oracle import build, exposition
from tests.oracle.facts import DECLARED, DIRECTORY

# Flags with which a component constructs what it has only with a feature on.
FLAGS: Mapping[str, Sequence[str]] = {}
# One served connection with policies, as one node or the client's sees it, and one event of every kind; with handlers
# whose counts the boards explain, pods named by what every node knows of them and by what only their own does.
BOTH_NAMES = "labelsContext=source_app,source_workload,destination_app,destination_workload"
COUNTED = ("tcp", "drop", "policy", "port-distribution", "flows-to-world", f"flow:{BOTH_NAMES}")
SCENES: Mapping[str, Sequence[str]] = {
    "served on one node": ("-scene", "healthy-same"),
    "served, client's node": ("-scene", "healthy-a"),
    "every event": (),
}
UNKNOWN_HANDLER = re.compile(r"metric '([^']+)' does not exist")
VALUES = Path(__file__).parents[2] / "cluster-setup" / "values"


def run(version: str) -> tuple[str, ...]:
    """Build, run and write the facts of a version; returns the files written, each in its canonical form."""
    programs = build.build(version)
    files: dict[str, Iterable[Mapping[str, Any]]] = {
        "defined": definitions(version),
        "values": lines(program(programs["hubble"], "-values")),
        "hubble.entries": list(entries(programs["hubble"], Release.parse(version))),
        "hubble.scenes": scenes(programs["hubble"]),
    }
    for component, name in DECLARED.items():
        files[f"{component}.declared"] = components(programs["declared"], component, name)
    for name, rows in files.items():
        write(version, name, rows)
    return tuple(files)


def write(version: str, name: str, rows: Iterable[Mapping[str, Any]]) -> None:
    """A file of facts: one object on each line, without empty values."""
    target = DIRECTORY / version / f"{name}.jsonl"
    target.parent.mkdir(parents=True, exist_ok=True)
    kept = [{key: value for key, value in row.items() if value not in ("", [], {}, None)} for row in rows]
    text = "".join(json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n" for row in kept)
    target.write_text(text, encoding="utf-8")


def program(path: Path, *args: str, deep: bool = False) -> subprocess.CompletedProcess[str]:
    """Run one of the programs; a component that never ends is ended."""
    environment = {**os.environ, **({"ORACLE_DEEP": "1"} if deep else {})}
    return subprocess.run([str(path), *args], env=environment, capture_output=True, text=True, check=False, timeout=300)


def lines(process: subprocess.CompletedProcess[str]) -> list[Mapping[str, Any]]:
    """The JSON lines that a program printed; DashboardsError where it printed none."""
    rows = [json.loads(line) for line in process.stdout.splitlines() if line.startswith("{")]
    if not rows:
        raise DashboardsError(
            f"{process.args[0]} {' '.join(process.args[1:])}", cause=process.stderr[-2000:] or "exited with no output"
        )
    return rows


def components(path: Path, component: str, name: str) -> list[Mapping[str, Any]]:
    """What a component registers; of the operator also what its constructors register, which need nothing running."""
    rows = {row["name"]: row for row in lines(program(path, name, *FLAGS.get(component, ())))}
    if component == "cilium-operator":
        rows = {row["name"]: row for row in lines(program(path, name, deep=True))} | rows
    return [_without_go_type(rows[name_]) for name_ in sorted(rows)]


def definitions(version: str) -> list[Mapping[str, Any]]:
    """What the sources write down, read by `defined`."""
    arguments = [f"{directory}={prefix}" for directory, prefix in build.sources(version)]
    binary = build.home(version) / "bin" / "defined"
    directory = build.home(version) / "defined"
    shutil.rmtree(directory, ignore_errors=True)
    shutil.copytree(build.DIRECTORY / "defined", directory)
    build.go("build", "-o", str(binary), *build.files(directory), cwd=directory)
    return lines(program(binary, *arguments))


def entries(path: Path, release: Release) -> Iterator[Mapping[str, Any]]:
    """What the handlers have with each of the entries that are tried."""
    for wanted in tried(release):
        handlers, process = wanted, program(path, *wanted)
        while unknown := UNKNOWN_HANDLER.search(process.stderr):  # of another release
            handlers = tuple(handler for handler in handlers if handler.partition(":")[0] != unknown[1])
            process = program(path, *handlers)
        metrics = exposition.read(process.stdout.splitlines())
        error = next(
            (line for line in process.stderr.splitlines() if "duplicate label" in line), process.stderr.strip()
        )
        rows = [metrics[name].row(name) for name in sorted(metrics)]
        if len(handlers) == 1:  # only its labels are used
            rows = [{"name": row["name"], "type": row["type"], "labels": row["labels"]} for row in rows]
        yield {
            "handlers": list(handlers),
            "metrics": rows,
            "error": "" if metrics else error.rpartition(" is invalid: ")[2][-300:] or "failed",
        }


def scenes(path: Path) -> Iterator[Mapping[str, Any]]:
    """What the handlers count in each scene: a series a line."""
    for scene, flags in SCENES.items():
        process = program(path, *flags, *COUNTED)
        process.check_returncode()
        for sample in exposition.samples(process.stdout.splitlines()):
            if not sample.name.startswith(("hubble_metrics_", "hubble_lost_")):
                labels = {label: value for label, value in sample.labels if value}
                yield {"scene": scene, "name": sample.name, "labels": labels, "value": sample.value}


def tried(release: Release) -> Iterator[tuple[str, ...]]:
    """The entries to try: all handlers plain, as boards need them, and with each option; `dns` with 1 to 13 labels."""
    plain = (
        "dns",
        "drop",
        "flow",
        "flows-to-world",
        "httpV2",
        "icmp",
        "kafka",
        "policy",
        "port-distribution",
        "sctp",
        "tcp",
    )
    yield plain
    yield board_entries(release)
    yield ("dns:query", "flows-to-world:port;any-drop", "http", *plain[1:3], *plain[5:])
    yield tuple(f"{name}:sourceContext=workload;destinationContext=workload" for name in plain)
    yield tuple(f"{name}:labelsContext={','.join(CONTEXT_LABELS)}" for name in plain if name != "dns")
    for own in ("", "query;"):
        for count in range(1, len(CONTEXT_LABELS) + 1):
            yield (f"dns:{own}labelsContext={','.join(CONTEXT_LABELS[:count])}",)


def board_entries(release: Release) -> tuple[str, ...]:
    """The entries that our boards need, from the committed values of that release."""
    import yaml

    for name in (f"cilium-{release}.yaml", "cilium.yaml"):
        path = VALUES / name
        if path.is_file():
            return tuple(effective_value(yaml.safe_load(path.read_text(encoding="utf-8")), HANDLERS) or ())
    return ()


def _without_go_type(row: Mapping[str, Any]) -> Mapping[str, Any]:
    return {key: value for key, value in row.items() if key not in ("go", "from")}
