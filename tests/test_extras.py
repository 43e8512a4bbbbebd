"""The command that installs an extra works where the package came from a checkout, a wheel or git, by pip or pipx."""

import json
import shlex
import sys
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest

from dashboards_py import extras

GIT = {"url": "https://git.example.org/boards", "vcs_info": {"vcs": "git", "commit_id": "abc"}}


class Package:
    """An installed package with this record of where it came from; None: it has none."""

    def __init__(self, record: dict[str, Any] | None) -> None:
        self.record = record

    def read_text(self, name: str) -> str | None:
        return json.dumps(self.record) if self.record is not None and name == "direct_url.json" else None


@pytest.mark.fault("the fix of an extra that is missing names a package that is in no index")
@pytest.mark.parametrize("pipx", [False, True], ids=["pip", "pipx"])
@pytest.mark.parametrize("source", ["directory", "git", "removed", "none"])
def test_how_to_install_an_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: str, *, pipx: bool) -> None:
    """By the program that made the environment, from the same source, whatever its path; else from a checkout."""
    checkout = tmp_path / "a checkout"
    checkout.mkdir()
    records = {
        "directory": ({"url": checkout.as_uri(), "dir_info": {}}, f"{checkout}[preview]"),
        "git": (GIT, "cilium-dashboards[preview] @ git+https://git.example.org/boards@abc"),
        "removed": ({"url": (tmp_path / "gone").as_uri(), "dir_info": {}}, ".[preview]"),
        "none": (None, ".[preview]"),
    }
    record, wanted = records[source]
    monkeypatch.setattr(metadata, "distribution", lambda _: Package(record))
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    if pipx:
        (tmp_path / "pipx_metadata.json").write_text("{}")
    command = extras.command_for("preview")
    installer = ["pipx", "install", "--force"] if pipx else [sys.executable, "-m", "pip", "install"]
    assert command.startswith("in a checkout: ") == (wanted == ".[preview]")
    assert shlex.split(command.removeprefix("in a checkout: ")) == [*installer, wanted]
