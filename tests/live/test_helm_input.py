"""Helm reads what we give it, and unquoted texts as the table says."""

import os
from pathlib import Path

import pytest

from dashboards_py.kubernetes.helm_input import values_text
from tests.components import require
from tests.documents.plain_texts import ODD, PLAIN, TEXTS, json_type
from tests.documents.test_write_yaml import EVERYTHING, everything
from tests.documents.test_write_yaml import FAULT as WRITTEN
from tests.kubernetes.test_helm_input import FAULT
from tests.values.helm_table import chart, helm_values


@pytest.fixture(params=["helm", "helm-3"])
def helm(request: pytest.FixtureRequest) -> str:
    """The path of each Helm."""
    require(request.param)
    return "helm" if request.param == "helm" else os.environ["HELM3"]


@pytest.mark.fault(FAULT)
def test_values_arrive_as_they_are(helm: str, tmp_path: Path) -> None:
    """Odd texts, as values and as keys."""
    file = tmp_path / "values"
    file.write_text(values_text(ODD), encoding="utf-8")
    assert helm_values(chart(tmp_path / "chart"), [f"--values={file}"], helm) == ODD


@pytest.mark.fault(WRITTEN)
def test_written_yaml_is_read_back(helm: str, tmp_path: Path) -> None:
    """Odd texts in YAML, written in each way."""
    file = tmp_path / "values"
    file.write_text(everything(), encoding="utf-8")
    assert helm_values(chart(tmp_path / "chart"), [f"--values={file}"], helm) == EVERYTHING


def test_unquoted_texts(helm: str, tmp_path: Path) -> None:
    """The table of what Helm makes of them."""
    texts = [*PLAIN, *TEXTS]
    file = tmp_path / "values"
    file.write_text("".join(f"k{number}: {text}\n" for number, text in enumerate(texts)), encoding="utf-8")
    values = helm_values(chart(tmp_path / "chart"), [f"--values={file}"], helm)
    assert values is not None
    read = {text: json_type(values[f"k{number}"]) for number, text in enumerate(texts)}
    assert read == {text: json_type(PLAIN.get(text, text)) for text in texts}
