"""The stand-in for the sidecar, without a cluster: the effect of events on files."""

from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.sidecar import FOLDER_ANNOTATION, Files


def event(kind: str, folder: str = "", name: str = "a", **more: Any) -> dict[str, Any]:
    """A watch event for a ConfigMap, with one file by default."""
    metadata = {"namespace": "n", "name": name, "annotations": {FOLDER_ANNOTATION: folder} if folder else None}
    return {"type": kind, "object": {"metadata": metadata, "data": {"x.json": "{}"}, **more}}


def test_unchanged_files_are_not_written(tmp_path: Path) -> None:
    """A new watch repeats all events: no file is written, and Grafana does not reload."""
    files = Files(tmp_path)
    assert files.apply(event("ADDED"))
    before = (tmp_path / "x.json").stat().st_mtime_ns
    assert not files.apply(event("ADDED"))
    assert (tmp_path / "x.json").stat().st_mtime_ns == before
    assert files.apply(event("MODIFIED", data={"x.json": "[]"}))
    assert (tmp_path / "x.json").read_text() == "[]"


def test_a_folder_may_be_anywhere(tmp_path: Path) -> None:
    """A relative annotation is below the directory, an absolute one is not; a change of it moves the file."""
    files = Files(tmp_path / "own")
    files.apply(event("ADDED", folder="Team/Sub"))
    assert (tmp_path / "own" / "Team" / "Sub" / "x.json").is_file()
    files.apply(event("MODIFIED", folder=str(tmp_path / "other")))
    assert [path.relative_to(tmp_path) for path in tmp_path.rglob("*.json")] == [Path("other", "x.json")]
    assert files.apply(event("DELETED", folder=str(tmp_path / "other")))
    assert list(tmp_path.rglob("*.json")) == []


def test_binary_data_and_removed_keys(tmp_path: Path) -> None:
    """binaryData is written decoded; removing a key removes its file."""
    files = Files(tmp_path)
    files.apply(event("ADDED", binaryData={"b.json": b64encode(b"\xff").decode()}))
    assert (tmp_path / "b.json").read_bytes() == b"\xff"
    files.apply(event("MODIFIED"))
    assert [path.name for path in tmp_path.iterdir()] == ["x.json"]


@pytest.mark.parametrize(
    ("unique", "left"), [(False, []), (True, ["namespace_n.configmap_b.x.json"])], ids=["shared", "unique"]
)
def test_one_key_in_two_configmaps(tmp_path: Path, unique: bool, left: list[str]) -> None:
    """Both write one file, and removing either removes it; with UNIQUE_FILENAMES each has its own."""
    files = Files(tmp_path, unique_names=unique)
    files.apply(event("ADDED", name="a"))
    files.apply(event("ADDED", name="b"))
    files.apply(event("DELETED", name="a"))
    assert [path.name for path in tmp_path.iterdir()] == left
