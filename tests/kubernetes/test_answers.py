"""The output of kubectl and helm may contain anything: objects, values and manifests are read within limits."""

import json
import time
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from dashboards_py.cluster.record import load
from dashboards_py.errors import DashboardsError
from dashboards_py.kubernetes import Completed, Kubectl
from dashboards_py.kubernetes.helm import Helm, HelmRelease
from dashboards_py.tree import manifest

DEEP = 3000
NESTED_JSON = '{"a":' * DEEP + "1" + "}" * DEEP
NESTED_YAML = "{a: " * DEEP + "1" + "}" * DEEP
BOMB = "a: &a [x,x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{name}: &{name} [{','.join([f'*{before}'] * 10)}]\n" for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)
OBJECT: dict[str, Any] = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "x"}}
RELEASE = HelmRelease("cilium", "kube-system", "cilium", "1.20.0", 1, "deployed")


def printing(text: str) -> Callable[..., Completed]:
    """A Runner whose programs print a text."""

    def runner(argv: Sequence[str], *, stdin: str = "", seconds: int | None = 120) -> Completed:  # noqa: ARG001
        return Completed(0, text, "")

    return runner


def helm(text: str) -> Helm:
    return Helm("context", None, None, printing(text))


def kubectl(text: str) -> Kubectl:
    return Kubectl("default", None, None, printing(text))


QUERIES: dict[str, tuple[Callable[[str], Any], tuple[str, ...]]] = {
    "values": (lambda text: helm(text).values(RELEASE), (NESTED_JSON, "<html>", "")),
    "history": (lambda text: helm(text).history(RELEASE), (NESTED_JSON, "<html>", "")),
    "releases": (lambda text: helm(text).releases(), (NESTED_JSON, "<html>", "")),
    "status": (lambda text: helm(text).first_deployed(RELEASE), (NESTED_JSON, "<html>", "")),
    "manifest": (lambda text: helm(text).manifest(RELEASE), (NESTED_YAML, BOMB, "a: [")),
    "objects": (lambda text: kubectl(text).objects("pods"), (NESTED_JSON, "<html>")),
    "objects again": (lambda text: kubectl(text).read_again([OBJECT]), (NESTED_JSON, "<html>")),
    "namespace": (lambda text: kubectl(text).check_namespace(), (NESTED_JSON, "<html>", "")),
}


@pytest.mark.fault("deeply nested or invalid JSON from kubectl or helm ends in a traceback")
@pytest.mark.parametrize(
    ("read", "text"),
    [pytest.param(read, text, id=f"{name}: {text[:8]!r}") for name, (read, texts) in QUERIES.items() for text in texts],
)
def test_invalid_output_is_an_error(read: Callable[[str], Any], text: str) -> None:
    """3,000 levels of nesting, nested aliases, an HTML page or nothing: an immediate error that names the output."""
    began = time.monotonic()
    with pytest.raises(DashboardsError, match=r"the output of|manifest"):
        read(text)
    assert time.monotonic() - began < 5


def test_valid_output_is_read() -> None:
    """Numbers and texts are unchanged, and a List is read as its items."""
    values = {"a": 1, "b": [1.5, None, True], "c": {"d": "1:30"}}
    assert helm(json.dumps(values)).values(RELEASE) == values
    assert helm("null").values(RELEASE) == {}
    listed = "kind: List\nitems: [{kind: A, when: 2026-01-02, at: 1:30, mode: 0644}]\n---\n# nothing\n---\nkind: B\n"
    assert helm(listed).manifest(RELEASE) == [
        {"kind": "A", "when": "2026-01-02", "at": "1:30", "mode": 0o644},
        {"kind": "B"},
    ]


@pytest.mark.parametrize("text", [NESTED_JSON, "<html>", "", "[]"])
def test_an_invalid_record(text: str) -> None:
    """Text that is not a record is refused."""
    with pytest.raises(ValueError):
        load(text)


@pytest.mark.parametrize("text", [NESTED_JSON, "<html>", "", "[]", '{"a": 1}', '{"../x": []}'])
def test_an_invalid_manifest_of_files(tmp_path: Any, text: str) -> None:
    """A manifest that cannot be read is an error."""
    folder = tmp_path / manifest.FOLDER
    folder.mkdir()
    (folder / manifest.NAME).write_text(text)
    with pytest.raises(DashboardsError, match="is not a manifest that we wrote"):
        manifest.read(tmp_path)
