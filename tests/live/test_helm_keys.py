"""The catalogue of Helm keys is what the charts say, and Helm does with them what `upgrade` says."""

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from dashboards_py.catalog import RELEASES, Release
from dashboards_py.catalog.dump import canonical
from dashboards_py.catalog.helm_key import FILE, SECTIONS, HelmKey, helm_keys
from tests.components import path_of, require
from tests.live.test_charts import chart
from tests.oracle.helm_keys import REFUSED, chart_file, keys_read, leaves, rows, sections

# Certificates that the chart makes anew each time.
RANDOM = re.compile(r"^\s*(?:ca|tls|common-.*)\.(?:crt|key): .*$|checksum", re.M)


def with_key(key: str, value: Any) -> dict[str, Any]:
    """Values with one dotted key."""
    for name in reversed(key.split(".")):
        value = {name: value}
    return dict(value)


def other_value(default: Any) -> Any:
    """A value that is not the default."""
    if isinstance(default, bool):
        return not default
    if isinstance(default, int):
        return default + 1
    return ["other"] if isinstance(default, list) else "other"


def merged(left: dict[str, Any], right: dict[str, Any]) -> dict[str, Any]:
    """Both trees of values."""
    both = {
        key: merged(left[key], right[key])
        if isinstance(left.get(key), dict) and key in right
        else right.get(key, value)
        for key, value in left.items()
    }
    return {**right, **both}


def render(release: Release, values: dict[str, Any], directory: Path) -> tuple[int, str, str]:
    """Exit code, rendering and errors of `helm template` for the chart of a release."""
    path = directory / "values.json"
    path.write_text(json.dumps(values))
    command = ["helm", "template", "cilium", str(chart(release)), "-n", "kube-system", "-f", str(path)]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    return run.returncode, RANDOM.sub("", run.stdout), run.stderr


def removed_in(release: Release) -> list[HelmKey]:
    """The keys that a release removed."""
    return [key for key in helm_keys().values() if key.removed == release]


def test_the_catalogue_is_what_the_charts_say() -> None:
    """`python -m tests.oracle.helm_keys --write` changes nothing."""
    path_of("charts")
    assert canonical(FILE.name, rows()) == FILE.read_text(encoding="utf-8")
    assert sections() == SECTIONS.read_text(encoding="utf-8")


@pytest.mark.fault("a Helm value that a new chart no longer reads is lost without a word")
@pytest.mark.parametrize("release", RELEASES[1:], ids=str)
def test_removed_keys_are_ignored_or_refused(tmp_path: Path, release: Release) -> None:
    """All ignored keys together, each with another value than the old default, render the same; a refused one fails."""
    require("helm")
    ignored: dict[str, Any] = {}
    for key in removed_in(release):
        assert key.default is not None
        value = other_value(key.default.on(RELEASES[RELEASES.index(release) - 1]))
        if key.refused:
            code, _, errors = render(release, merged(dict(REFUSED[key.name]), with_key(key.name, value)), tmp_path)
            assert code
            assert "has been removed" in errors
        else:
            ignored = merged(ignored, with_key(key.name, value))
    assert ignored
    assert render(release, ignored, tmp_path)[:2] == render(release, {}, tmp_path)[:2]


@pytest.mark.parametrize("release", RELEASES[1:], ids=str)
def test_successors_are_keys_of_the_chart(release: Release) -> None:
    """What a removed key is called since stands in the values.yaml of the chart that no longer has it."""
    path_of("charts")
    known = dict(leaves(yaml.load(chart_file(release, "values.yaml") or b"", yaml.CSafeLoader)))
    assert {key.use for key in removed_in(release) if key.use} <= known.keys()


@pytest.mark.fault("a value that the chart still reads, and only its values.yaml no longer has, is said to be lost")
@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("{{ .Values.hubble.export.size | default 1 }}", {"hubble.export.size"}),
        ('{{ if hasKey $.Values.hubble "size" }}{{ get .Values.hubble "size" }}{{ end }}', {"hubble.size", "hubble"}),
        ('{{ dig "server" "names" (list) .Values.tls }}', {"tls.server.names", "tls"}),
        ('{{ dig "tls" "names" "" .Values.AsMap }}', {"tls.names", "AsMap"}),
    ],
)
def test_how_templates_read_a_key(text: str, keys: set[str]) -> None:
    """By path, as a member, or dug out of a map with a default."""
    assert keys_read(text) == keys
