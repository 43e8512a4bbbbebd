"""One comment on a pull or merge request: written, updated, never repeated, and nobody else's."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from dashboards_py.comments import put, request_of
from dashboards_py.errors import DashboardsError
from tests.comments.small_service import TOKEN, SmallService, serving


@pytest.fixture
def service() -> Iterator[SmallService]:
    """An empty service."""
    with serving(SmallService()) as small:
        yield small


@pytest.fixture(params=["GitHub", "GitLab"])
def environment(request: pytest.FixtureRequest, service: SmallService, tmp_path: Path) -> dict[str, str]:
    """The variables of a job."""
    if request.param == "GitLab":
        return {
            "GITLAB_CI": "true",
            "CI_API_V4_URL": service.address,
            "CI_PROJECT_ID": "99",  # of the fork
            "CI_MERGE_REQUEST_PROJECT_ID": "12",
            "CI_MERGE_REQUEST_IID": "7",
            "GITLAB_TOKEN": TOKEN,
        }
    (tmp_path / "event.json").write_text(json.dumps({"pull_request": {"number": 7}}))
    return {
        "GITHUB_ACTIONS": "true",
        "GITHUB_API_URL": service.address,
        "GITHUB_REPOSITORY": "o/r",
        "GITHUB_EVENT_PATH": str(tmp_path / "event.json"),
        "GITHUB_EVENT_NAME": "pull_request",
        "GITHUB_TOKEN": TOKEN,
    }


def write(environment: Mapping[str, str], text: str, *, is_news: bool = True) -> str:
    """Put a text."""
    request = request_of(environment)
    assert request is not None
    return put(request, text, is_news=is_news)


def test_one_comment(environment: dict[str, str], service: SmallService) -> None:
    """Created once, then updated; the same text writes nothing; without news an old one is updated, none created."""
    service.texts.update({number: f"comment {number}" for number in range(1, 151)})  # more than a page
    others = dict(service.texts)
    assert write(environment, "nothing", is_news=False) == "none"
    assert write(environment, "one\ntwo\n") == "created"
    for service.crlf in (False, True):
        assert write(environment, "one\ntwo\n") == "unchanged"
    assert write(environment, "three") == "updated"
    assert write(environment, "nothing", is_news=False) == "updated"
    assert len(service.writes) == 3
    assert service.texts.pop(151).endswith("-->\nnothing")
    assert service.texts == others


def test_what_is_somebody_else_s(environment: dict[str, str], service: SmallService) -> None:
    """A comment of ours that somebody edited, and one that quotes it, are left; a new one is written."""
    write(environment, "one")
    service.texts[1] += "\n\nThis is fine, see the meeting."
    service.texts[2] = f"> {service.texts[1]}"
    kept = dict(service.texts)
    assert write(environment, "two") == "created"
    assert write(environment, "three") == "updated"
    assert {id_: service.texts[id_] for id_ in kept} == kept
    assert service.writes == ["POST 1", "POST 3", f"{service.writes[2].split()[0]} 3"]


def test_a_token_without_rights(environment: dict[str, str], service: SmallService) -> None:
    """It says which it needs, and holds no token."""
    service.read_only = True
    with pytest.raises(DashboardsError, match=r"Resource not accessible by integration \(403\)") as error:
        write(environment, "one")
    assert "pull-requests: write" in str(error.value) or "project access token" in str(error.value)
    environment |= {name: "other-token" for name in environment if name.endswith("TOKEN")}
    with pytest.raises(DashboardsError, match=r"\(401\)") as error:
        write(environment, "one")
    assert "other-token" not in str(error.value)


def test_a_limit_of_requests(environment: dict[str, str], service: SmallService) -> None:
    """It waits as long as the service says; a long time is an error with that time, and not one about rights."""
    service.limits += [(429, {"Retry-After": "0"}), (403, {"Retry-After": "0"})]
    assert write(environment, "one") == "created"
    service.limits += [(429, {"Retry-After": "0"})] * 3
    with pytest.raises(DashboardsError, match=r"limit of requests.*\(429\)"):
        write(environment, "two")
    reset = {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "99999999999"}
    for headers in ({"Retry-After": "3600"}, reset):
        service.limits += [(403, headers)]
        with pytest.raises(DashboardsError, match=r"limit of requests.*\(403\)\n  run the job again in \d{4,} seconds"):
            write(environment, "two")
    assert service.writes == ["POST 1"]
    assert not service.limits


def test_no_token_or_request(environment: dict[str, str]) -> None:
    """Each is named, with what to do."""
    for number in ("GITHUB_EVENT_PATH", "CI_MERGE_REQUEST_IID"):
        without = {name: value for name, value in environment.items() if name != number}
        if without != environment:
            with pytest.raises(DashboardsError, match=r"not for a (pull|merge) request") as error:
                request_of(without)
            assert error.value.fix
    without = {name: value for name, value in environment.items() if not name.endswith("TOKEN")}
    with pytest.raises(DashboardsError, match=r"TOKEN: is not set") as error:
        request_of(without)
    assert error.value.fix


def test_outside_of_ci() -> None:
    """There is no request."""
    assert request_of({}) is None
