"""What we write as YAML is what PyYAML writes, without anchors."""

from typing import Any

import pytest
import yaml

from dashboards_py.documents.write_yaml import write_flow, write_yaml
from tests.documents.plain_texts import ALL_TEXTS, ODD, PLAIN

TWICE = {"a": [1]}


class _WithoutAnchors(yaml.SafeDumper):
    def ignore_aliases(self, _: Any) -> bool:
        return True


@pytest.mark.parametrize(
    "value",
    [
        {"empty": [{}, [], "", None], "texts": ["true", "1", "a: b", "- c", "# d", " e", "é", "f\ng", "x" * 99]},
        {"numbers": [1, 2.5, True, 1e300], "nested": [[{"a": {"b": [[]]}}]]},
        {"twice": [TWICE, TWICE], "again": TWICE},
        ["list"],
    ],
)
def test_it_is_written_as_pyyaml_does(value: Any) -> None:
    """The same text; what occurs twice is written twice."""
    text = write_yaml(value, 80)
    assert text == yaml.dump(value, Dumper=_WithoutAnchors, sort_keys=False, allow_unicode=True, width=80)
    assert yaml.safe_load(text) == value


FAULT = "YAML that is written has texts that Helm, kubectl and Grafana read as numbers and truth values"


def everything() -> str:
    """Odd texts as values and keys, written in each way."""
    lines = [f"  - {write_flow(text)}\n" for text in ALL_TEXTS]
    pairs = [f"  {write_flow(text)}: {write_flow(text)}\n" for text in ALL_TEXTS]
    whole = write_yaml({"block": ODD}, 80, blocks=True) + write_yaml({"plain": ODD}, 80)
    return f"{whole}flow: {write_flow(ODD)}\nlines:\n{''.join(lines)}pairs:\n{''.join(pairs)}"


EVERYTHING = {
    **dict.fromkeys(("block", "plain", "flow"), ODD),
    "lines": list(ALL_TEXTS),
    "pairs": dict(zip(ALL_TEXTS, ALL_TEXTS, strict=True)),
}


@pytest.mark.fault(FAULT)
@pytest.mark.parametrize("text", [*PLAIN, "2001-1-1"])
def test_what_go_reads_otherwise_is_quoted(text: str) -> None:
    """Values and keys; tests/live/test_helm_input.py asks Helm."""
    assert write_flow(text) == f"'{text}'"
    assert write_yaml({text: text}, 80) == f"'{text}': '{text}'\n"


def test_every_text_is_read_back() -> None:
    """Texts with line breaks are on one line where the whole value is."""
    assert yaml.safe_load(everything()) == EVERYTHING
    assert not any("\n" in write_flow(text) for text in ALL_TEXTS)


@pytest.mark.parametrize("value", ["v1.20.0", "1.20.1", "10.0.0.0/8", "hubble-relay", "flow:labelsContext=a,b", "30s"])
def test_other_texts_are_not_quoted(value: str) -> None:
    """Those that nobody takes for anything else."""
    assert write_yaml({"a": value}, 80) == f"a: {value}\n"


@pytest.mark.parametrize(
    ("value", "text"), [(True, "true"), (None, "null"), (1, "1"), (1e300, "1.0e+300"), (-0.5, "-0.5")]
)
def test_values_that_are_no_texts(value: Any, text: str) -> None:
    """As they are."""
    assert write_flow(value) == text


def test_a_text_of_many_digits_is_written_in_time() -> None:
    """The patterns do not go through the digits again from each of them."""
    text = "1" * 100_000 + "x"
    assert write_flow(text) == text
