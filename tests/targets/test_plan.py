"""A deployment that stops in the middle."""

import pytest

from dashboards_py.errors import DashboardsError, Denied, PartlyDone, ProblemsFound
from dashboards_py.targets import Action, Change, Deployment

CHANGES = tuple(Change(name, Action.CREATE) for name in "abc")


def deployment(error: DashboardsError) -> Deployment:
    """One whose second change raises an error."""

    def write(change: Change) -> None:
        if change.name == "b":
            raise error

    return Deployment("somewhere", CHANGES, write)


@pytest.mark.parametrize(("fix", "shown"), [("free the disk", "free the disk"), ("", "rerun the command; it resumes")])
def test_what_was_written_and_how_to_go_on(fix: str, shown: str) -> None:
    """The fix is that of the error, or to run the command again."""
    with pytest.raises(PartlyDone) as stopped:
        list(deployment(DashboardsError("disk", cause="full", fix=fix)).apply())
    assert stopped.value.cause == "full (written: a; not written: b, c)"
    assert shown in stopped.value.fix


@pytest.mark.parametrize(("kind", "action"), [(ProblemsFound, Action.CONFLICT), (Denied, Action.REFUSED)])
def test_a_problem_of_one_change(kind: type[ProblemsFound], action: Action) -> None:
    """What someone else changed is a conflict, what the destination does not accept is refused; the rest is written."""
    assert [change.action for change in deployment(kind("b", cause="no")).apply()] == ["create", action, "create"]
