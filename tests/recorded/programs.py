"""The recordings of programs of `tests/oracle`: their commands, and writing them again.

`python -m tests.recorded.programs` writes them all. The program `hubble` is Hubble's parser and handlers on synthetic
events, `servers` the gRPC servers of an agent's Hubble.
"""

import gzip
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from dashboards_py.catalog import Handler, Release
from dashboards_py.errors import DashboardsError
from dashboards_py.values.dns import without_mix_up
from tests.oracle import build
from tests.oracle.run import board_entries, program

VERSION = "1.20.2"
LONG = 40_000  # bytes: longer recordings are compressed
# Hubble's metrics of its own endpoint depend on the machine.
LEFT_OUT = ("# HELP", "# TYPE hubble_metrics_http_handler", "hubble_metrics_http_handler")


@dataclass(frozen=True, slots=True)
class Command:
    """A program, and its arguments: flags, then entries of `hubble.metrics.enabled`."""

    program: str
    arguments: tuple[str, ...]


def _commands() -> Iterator[tuple[str, Command]]:
    entries = board_entries(Release.parse(VERSION))
    by_workload = tuple(entry.replace("_app", "_workload") for entry in entries)
    yield "hubble-every-event", Command("hubble", entries)
    yield "hubble-every-event-by-workload", Command("hubble", by_workload)
    for name, scene in (("client-node", "healthy-a"), ("server-node", "healthy-b"), ("one-node", "healthy-same")):
        yield f"hubble-served-{name}", Command("hubble", ("-scene", scene, *entries))
        yield f"hubble-served-{name}-no-policy", Command("hubble", ("-scene", scene, "-open", *entries))
        if scene != "healthy-same":
            yield f"hubble-served-{name}-by-workload", Command("hubble", ("-scene", scene, *by_workload))
    mixed_up, avoided = dns_entries(entries)
    yield "hubble-dns-five-labels", Command("hubble", (mixed_up,))
    yield "hubble-dns-six-labels", Command("hubble", (avoided,))
    http = tuple(entry for entry in entries if entry.startswith("httpV2"))
    yield "hubble-http", Command("hubble", http)
    yield "hubble-http-slow", Command("hubble", ("-slow", "4", *http))
    yield "hubble-refuses-relay", Command("servers", ("-socket", "1", "-tcp", "20"))


def dns_entries(entries: tuple[str, ...]) -> tuple[str, str]:
    """Our entry for `dns` with a fifth label from a user, and the entry that `values --merge-with` writes instead."""
    (own,) = (entry for entry in entries if entry.startswith("dns"))
    mixed_up = Handler.parse(f"{own},source_workload")
    avoided = without_mix_up(mixed_up)
    assert avoided is not None
    return str(mixed_up), str(avoided)


COMMANDS: Mapping[str, Command] = dict(_commands())


def printed(command: Command) -> str:
    """The output of a program, as it is recorded; raises DashboardsError if the program fails."""
    process = program(build.home(VERSION) / "bin" / command.program, *command.arguments)
    if process.returncode:
        raise DashboardsError(command.program, cause=process.stderr.strip()[-2000:] or "failed")
    return "".join(line for line in process.stdout.splitlines(keepends=True) if not line.startswith(LEFT_OUT))


def write(directory: Path) -> None:
    """Build the programs and write all their recordings."""
    build.build(VERSION, sorted({command.program for command in COMMANDS.values()}))
    for recording, command in COMMANDS.items():
        text = printed(command)
        if len(text) < LONG:
            (directory / f"{recording}.txt").write_text(text, encoding="utf-8")
        else:
            (directory / f"{recording}.txt.gz").write_bytes(gzip.compress(text.encode(), mtime=0))


if __name__ == "__main__":
    try:
        write(Path(__file__).parent)
    except DashboardsError as error:
        sys.exit(f"Error: {error}")
