"""Compiled boards and alerts, and what follows from them, kept between runs: a change of what they come from is seen.

A file of the cache holds the boards, the alerts, or what follows from these, of one release with one set of settings.
Its name is the hash of everything that they come from: the compiler with boards and alerts, the libraries, Python, the
release and the settings. A file that was damaged, or that another user wrote, is made again, and a directory that
cannot be written is left alone.
"""

import json
import os
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from stat import S_ISREG
from typing import Any, TypeVar

from dashboards_py.compiled import (
    Compiled,
    CompiledAlert,
    CompiledGroup,
    CompiledRecording,
    CompiledRules,
    Omission,
    RecordingGroup,
    RuleOmission,
)
from dashboards_py.configuration import Configuration
from dashboards_py.release import Release

T = TypeVar("T")
PACKAGE = Path(__file__).parent
# What the compiler does not import; tests/test_board_cache.py compares this with what it does import.
NO_SOURCES = frozenset(
    {
        *("cli", "cluster", "demo", "doctor", "kubernetes", "lint", "panel_data", "preview", "targets", "tree"),
        *("upgrade", "upstream", "values", "web", "__pycache__"),
    }
)
FILE = re.compile(r"[a-z]+-[0-9a-f]{64}\.json")
ENDINGS = (".py", ".json")  # of sources
KEPT = 120  # files: those of five releases, with and without a house's settings, of a few states of the sources


@dataclass(frozen=True, slots=True)
class Origin:
    """What a file of the cache comes from: boards and alerts of a release, with settings, and what else there is.

    `also` are other files and directories of this package; `depends` are values.
    """

    release: Release
    configuration: Configuration
    also: tuple[str, ...] = ()
    depends: tuple[object, ...] = ()

    def path(self, directory: Path, kind: str) -> Path:
        """The file in the directory of the cache; its name begins with the kind of its content."""
        return directory / f"{kind}-{self.digest()}.json"

    def digest(self) -> str:
        """The hash of all of this, with the content of each source."""
        values = (sys.version, _libraries(), self.release, self.configuration, *self.depends)
        digest = sha256(repr(values).encode())
        for name in _source_names(self.also):
            with open(os.path.join(PACKAGE, name), "rb", buffering=0) as file:
                content = file.read()
            digest.update(f"\0{name}\0{len(content)}\0".encode() + content)
        return digest.hexdigest()


def compiled_boards(release: Release, configuration: Configuration, directory: Path | None) -> tuple[Compiled, ...]:
    """The chosen boards of the release, sorted by uid, from the cache in `directory` if they are there."""
    return kept(
        "boards",
        Origin(release, configuration),
        directory,
        work=lambda: _compile(release, configuration),
        as_json=lambda boards: [asdict(board) for board in boards],
        parse=_boards,
    )


def compiled_rules(release: Release, configuration: Configuration, directory: Path | None) -> CompiledRules:
    """The alerts of the release, from the cache in `directory` if they are there."""
    return kept(
        "alerts",
        Origin(release, configuration),
        directory,
        work=lambda: _compile_rules(release, configuration),
        as_json=asdict,
        parse=_rules,
    )


def kept(
    kind: str,
    origin: Origin,
    directory: Path | None,
    *,
    work: Callable[[], T],
    as_json: Callable[[T], object],
    parse: Callable[[Any], T],
) -> T:
    """What `work` makes of its origin, from the cache in `directory` if it is there; kept as JSON."""
    if directory is None:
        return work()
    path = origin.path(directory, kind)
    values = _read(path, parse)
    if values is None:
        values = work()
        write(path, as_json(values))
    return values


def compiled_board(uid: str, release: Release, configuration: Configuration, directory: Path | None) -> Compiled:
    """The board with this uid; only this one is compiled if the boards are not in the cache.

    A uid that is unknown, or left out by the configuration, raises DashboardsError, which lists the others.
    """
    boards = _read(Origin(release, configuration).path(directory, "boards"), _boards) if directory else None
    for board in boards or ():
        if board.uid == uid:
            return board
    from dashboards_py.compile import find

    return find(uid, release, configuration)


def sources(also: Sequence[str] = ()) -> Iterator[Path]:
    """The files of this package that boards are compiled from, and those of other parts of it."""
    return (PACKAGE / name for name in _source_names(also))


def write(path: Path, values: object) -> None:
    """Keep values of JSON, and remove the oldest files of the cache if there are too many."""
    from dashboards_py.tree.replace import SUFFIX, replace

    with suppress(OSError):
        content = json.dumps(values).encode()
        replace(path, sha256(content).hexdigest().encode() + b"\n" + content)
        files = list(path.parent.iterdir())
        kept = [file for file in files if FILE.fullmatch(file.name) or file.name.endswith(SUFFIX)]
        for file in sorted(kept, key=lambda file: file.stat().st_mtime, reverse=True)[KEPT:]:
            file.unlink()


def _compile(release: Release, configuration: Configuration) -> tuple[Compiled, ...]:
    from dashboards_py.compile import compile_boards

    return compile_boards(release, configuration)


def _compile_rules(release: Release, configuration: Configuration) -> CompiledRules:
    from dashboards_py.compile.rules import compile_rules

    return compile_rules(release, configuration)


def _read(path: Path, parse: Callable[[Any], T]) -> T | None:
    """The parsed values of a file; None if it is missing, not as it was written, or not written by this user."""
    try:
        # Without O_NONBLOCK opening a FIFO would wait for a writer.
        with open(os.open(path, os.O_RDONLY | os.O_NONBLOCK), "rb") as file:
            status = os.fstat(file.fileno())
            if not S_ISREG(status.st_mode) or status.st_uid != os.geteuid():
                return None
            digest, _, content = file.read().partition(b"\n")
        return parse(json.loads(content)) if digest == sha256(content).hexdigest().encode() else None
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return None


def _boards(values: Any) -> tuple[Compiled, ...]:
    return tuple(map(_board, values))


def _board(values: dict[str, Any]) -> Compiled:
    """A board from its fields in JSON, which has lists for tuples and texts for the keys of mappings."""
    return Compiled(
        **{
            **values,
            "replaces": tuple(values["replaces"]),
            "omissions": tuple(Omission(**omission) for omission in values["omissions"]),
            "excuses": {int(panel): reasons for panel, reasons in values["excuses"].items()},
        }
    )


def _rules(values: dict[str, Any]) -> CompiledRules:
    groups = (
        CompiledGroup(
            name=group["name"],
            interval=group["interval"],
            alerts=tuple(CompiledAlert(**{**alert, "levels": tuple(alert["levels"])}) for alert in group["alerts"]),
        )
        for group in values["groups"]
    )
    recording_groups = (
        RecordingGroup(
            name=group["name"],
            interval=group["interval"],
            recordings=tuple(CompiledRecording(**recording) for recording in group["recordings"]),
        )
        for group in values["recording_groups"]
    )
    return CompiledRules(
        groups=tuple(groups),
        omissions=tuple(RuleOmission(**omission) for omission in values["omissions"]),
        recording_groups=tuple(recording_groups),
    )


def _libraries() -> list[str]:
    """The names, with versions, of what is installed next to grafanalib."""
    spec = find_spec("grafanalib")
    directory = Path(spec.origin).parents[1] if spec and spec.origin else None
    return sorted(name for name in os.listdir(directory) if name.endswith(".dist-info")) if directory else []


def _source_names(also: Sequence[str]) -> Iterator[str]:
    """The paths of sources below the package: texts, since each run makes hundreds of them."""
    yield from _files("")
    for name in also:
        yield from (name,) if name.endswith(ENDINGS) else _files(f"{name}/")


def _files(directory: str) -> Iterator[str]:
    """The sources in a directory, "" or with a slash at its end."""
    with os.scandir(os.path.join(PACKAGE, directory)) as entries:
        for entry in sorted(entries, key=lambda entry: entry.name):
            if entry.is_dir():
                if entry.name not in NO_SOURCES:
                    yield from _files(f"{directory}{entry.name}/")
            elif entry.name.endswith(ENDINGS):
                yield directory + entry.name
