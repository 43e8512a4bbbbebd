"""`--set`, `--set-string`, `--set-json`: parsed as a real Helm parsed each form."""

import json

import pytest

from dashboards_py.errors import DashboardsError
from dashboards_py.values import helm_set
from tests.values.helm_table import Row, by_kind, rows


@pytest.mark.fault("--set is read differently from Helm")
@pytest.mark.parametrize("row", rows(), ids=lambda row: " ".join(row["flags"])[:60] or "empty")
def test_flags_as_helm_reads_them(row: Row) -> None:
    """The same values, types included; refused if Helm refuses, with the flag named."""
    if row["values"] is not None:
        merged = helm_set.apply({}, **by_kind(row["flags"]))
        assert json.dumps(merged, sort_keys=True) == json.dumps(row["values"], sort_keys=True)
        return
    with pytest.raises(DashboardsError) as error:
        helm_set.apply({}, **by_kind(row["flags"]))
    assert error.value.what.replace(" ", "=", 1) in row["flags"]


@pytest.mark.parametrize(
    ("flag", "why"),
    [
        ("a", "key 'a' has no value"),
        ("a=b,c", "key 'c' has no value"),
        ("a.=b", "nothing is set below the key 'a'"),
        ("a[x]=b", r"\[x\] is not the index of a list"),
        ("a[-1]=b", r"the index \[-1\] is negative"),
        ("a[65537]=b", "above 65536"),
        ("a[0]x=b", r"unexpected 'x' after \[0\]"),
        ("a={b,c", "its list does not end"),
        ("a=1,a.b=2", "a is 1 already, not a map"),
        ("a=1,a[0]=2", "a is 1 already, not a list"),
    ],
)
def test_refusals_have_a_cause(flag: str, why: str) -> None:
    """The error has the cause, and the syntax of a comma or a list."""
    with pytest.raises(DashboardsError, match=rf"{why}\n.*backslash"):
        helm_set.values((flag,))


def test_existing_values_are_changed_in_place() -> None:
    """An index changes one entry of a list from a file, and the original values are not modified."""
    user_values = {"hubble": {"metrics": {"enabled": ["dns", "drop"]}}, "b": None}
    merged = helm_set.apply(user_values, set=["hubble.metrics.enabled[1]=tcp"])
    assert merged["hubble"]["metrics"]["enabled"] == ["dns", "tcp"]
    assert user_values["hubble"] == {"metrics": {"enabled": ["dns", "drop"]}}
    with pytest.raises(DashboardsError, match="b is null already"):
        helm_set.apply(user_values, set=["b.c=1"])


@pytest.mark.parametrize(
    "flags",
    [
        {"set": ["a" + "[0]" * 5000 + "=x"]},
        {"set": ["a" + "[0].b" * 5000 + "=x"]},
        {"set_json": ["a=" + "[" * 100_000]},
        {"set_json": ['{"a":' * 100_000]},
    ],
    ids=["brackets", "brackets and dots", "arrays", "objects"],
)
def test_endless_nesting_is_refused(flags: dict[str, list[str]]) -> None:
    """The error has a cause, and is no RecursionError."""
    with pytest.raises(DashboardsError, match=r"nested (more than 100 deep|too deeply)"):
        helm_set.apply({}, **flags)


def test_long_digits_are_text() -> None:
    """More digits than Python converts to a number, and more than fit into 64 bits."""
    assert helm_set.values((f"a={'9' * 10_000}",)) == {"a": "9" * 10_000}
