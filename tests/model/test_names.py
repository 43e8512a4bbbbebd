"""A board's names are refused when it is built, with the board and the field, where they could not be deployed."""

import json
import re
from typing import Any

import pytest

from dashboards_py.catalog import NEWEST
from dashboards_py.compile import compile_together
from dashboards_py.errors import DashboardsError
from dashboards_py.model import Dashboard
from dashboards_py.style import cluster, dashboard, label_variables, query, row, stat

UNCHECKED = pytest.mark.fault("`dashboard()` takes a uid, title or folder that cannot be deployed")
TWICE = pytest.mark.fault("boards of one title in a folder, or folders that differ by case, compile")


def board(**fields: Any) -> Dashboard:
    """A board of one panel, with these fields."""
    panel = stat("P", "What it shows, and what to do.", query("cilium_version", "n"))
    return dashboard(
        **{
            "uid": "x",
            "title": "X",
            "about": "Who it is for.",
            "variables": (cluster("cilium_version"),),
            "rows": (row("Row", panel),),
            **fields,
        }
    )


@UNCHECKED
@pytest.mark.parametrize(
    ("field", "value", "why"),
    [
        *(
            ("uid", uid, "must be 1 to 40 lower-case letters, digits and hyphens")
            for uid in ("", "../../etc/x", "a" * 41, "a" * 60, "Cilium", "a_b", "-a", "a-", "a b", "a.b", "ä", "a\n")
        ),
        *(("folder", folder, "begins with a dot") for folder in (".", "..", ".hidden")),
        *(("folder", folder, "must be one folder") for folder in ("Team/Net", "/etc", "a\\b", "a=b", "../x")),
        *(("folder", folder, "is empty") for folder in ("", " ", "\t")),
        *(("folder", folder, "root folder") for folder in ("General", "general", "GENERAL")),
        ("folder", " Cilium", "leading or trailing spaces"),
        ("folder", "a\0b", "non-printable characters"),
        ("folder", "a\nb", "non-printable characters"),
        ("folder", "ü" * 150, "longer than 255 bytes"),
        ("title", "", "is empty"),
        ("title", "  ", "is empty"),
        ("title", "a\x1b[31m", "non-printable characters"),
        ("title", "\ud800", "non-printable characters"),
        ("title", "a" * 190, "longer than 189 characters"),
        ("tags", "", "is empty"),
        *((field, value, "is not a text") for field in ("uid", "title", "folder") for value in (None, 7)),
    ],
)
def test_a_name_that_cannot_be_deployed(field: str, value: Any, why: str) -> None:
    """The error names board, field and value, and what is allowed."""
    with pytest.raises(DashboardsError) as error:
        board(**{field: (value,) if field == "tags" else value})
    assert error.value.what.startswith(f"board {value!r} (" if field == "uid" else "board 'x' (")
    assert error.value.what.endswith(f": {field} {value!r}")
    assert why in error.value.cause
    assert error.value.exit_code == 2


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("uid", "a"),
        ("uid", "0"),
        ("uid", "a" * 40),
        ("uid", "cilium-1-20"),
        ("folder", "Team: Net & Sécurité (2)"),
        ("folder", "a" * 189),
        ("title", "Cilium / Überblick: ok?"),
    ],
)
def test_a_name_that_can_be_deployed(field: str, value: str) -> None:
    """Everything that Grafana, Kubernetes and file systems accept is accepted, up to the maximum length."""
    compiled = compile_together([board(**{field: value})], NEWEST)[0]
    assert getattr(compiled, field) == value


@pytest.mark.parametrize(
    ("variables", "why"),
    [
        ((cluster("cilium_version"), cluster("cilium_version")), "two variables have the name 'cluster'"),
        ((label_variables("a-b", "A", "cilium_version", "a"),), "'a-b' must be letters, digits and underscores"),
    ],
)
def test_variables_have_names_of_their_own(variables: tuple[Any, ...], why: str) -> None:
    """The error names the board and the variable."""
    with pytest.raises(DashboardsError, match=rf"board 'x' \('X'\): variables: {re.escape(why)}"):
        board(variables=variables)


@TWICE
@pytest.mark.parametrize(
    ("one", "other", "message"),
    [
        ({"title": "T"}, {"title": "T"}, "title 'T' in folder 'Cilium': two boards have it: 'a' and 'b'"),
        ({"title": "T"}, {"title": "t"}, "title 't' in folder 'Cilium': two boards have it: 'a' and 'b'"),
        (
            {"title": "A", "folder": "Hubble"},
            {"title": "B", "folder": "hubble"},
            "folder 'hubble' of board 'b': differs only by case from 'Hubble' of board 'a'",
        ),
    ],
)
def test_boards_with_the_same_title(one: dict[str, str], other: dict[str, str], message: str) -> None:
    """The error names both boards."""
    with pytest.raises(DashboardsError, match=re.escape(message)):
        compile_together([board(uid="a", **one), board(uid="b", **other)], NEWEST)


def test_one_title_in_two_folders() -> None:
    """Two folders may hold boards with the same title."""
    boards = [board(uid="a", folder="One"), board(uid="b", folder="Two")]
    assert len(compile_together(boards, NEWEST)) == len(boards)


@pytest.mark.fault("the 27th query of a panel has the id '['")
def test_ids_of_many_queries() -> None:
    """After Z come AA, AB and so on, as Grafana's own editor counts."""
    panel = stat("P", "What it shows, and what to do.", *(query(f"cilium_version + {n}", "n") for n in range(29)))
    compiled = json.loads(compile_together([board(rows=(row("Row", panel),))], NEWEST)[0].json)
    ids = [target["refId"] for shown in compiled["panels"] for target in shown.get("targets", ())]
    assert ids == [*"ABCDEFGHIJKLMNOPQRSTUVWXYZ", "AA", "AB", "AC"]
