"""What Helm is stdins as values is read as the same values."""

import json
from pathlib import Path
from typing import Any

import pytest

from dashboards_py.errors import DashboardsError
from dashboards_py.kubernetes import Completed
from dashboards_py.kubernetes.helm import Helm
from dashboards_py.kubernetes.helm_input import values_text
from dashboards_py.kubernetes.template import chart_refusal
from tests.documents.plain_texts import ODD

FAULT = "texts such as 1e3, 0912 and y reach Helm as numbers and truth values"


@pytest.mark.fault(FAULT)
@pytest.mark.parametrize("verb", ["template", "install", "upgrade", "refusal"])
def test_texts_are_quoted(verb: str, tmp_path: Path) -> None:
    """Each command of Helm gets JSON, in which no text can be anything else."""
    stdins: list[str] = []

    def runner(argv: Any, *, stdin: str = "", seconds: int | None = 120) -> Completed:  # noqa: ARG001
        stdins.append(stdin)
        return Completed(0, "", "")

    helm = Helm("here", None, runner=runner)
    if verb == "template":
        helm.rendered("cilium", "1.0.0", "cilium", "kube-system", ODD, "1.33")
    elif verb == "install":
        helm.install("cilium", "1.0.0", "cilium", "kube-system", ODD, timeout="1m")
    elif verb == "upgrade":
        helm.upgrade("cilium", "1.0.0", "cilium", "kube-system", ODD, force=False, timeout="1m")
    else:
        chart_refusal(tmp_path, ODD, runner)
    assert [json.loads(text) for text in stdins] == [ODD]


def test_characters_that_yaml_reads_otherwise_are_escaped() -> None:
    """Line breaks of Unicode are escaped; what needs two escapes is written as it is."""
    assert values_text({"a": "\x85\u2028ä\x7f\U0001f600"}) == '{"a": "\\u0085\\u2028\\u00e4\\u007f\U0001f600"}'


def test_infinite_numbers() -> None:
    """Helm refuses them, and would take the words of Python's JSON for texts."""
    with pytest.raises(DashboardsError, match=r"contain \.inf or \.nan"):
        values_text({"a": float("inf")})
