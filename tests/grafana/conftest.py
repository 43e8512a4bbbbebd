"""The stand-in, and a real Grafana if there is one, for the same tests."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

from tests.components import require
from tests.fakes.grafana import fake_grafana
from tests.grafana.servers import KINDS, STARTS, Server, Start, from_environment, organisation, server_of, start_real

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.fixture(scope="session")
def real_grafana(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The Grafana that GRAFANA_TEST_URL names, or one from GRAFANA_HOME."""
    require("grafana")
    with ExitStack() as stack:
        yield from_environment() or stack.enter_context(start_real(tmp_path_factory.mktemp("grafana")))


@pytest.fixture(params=KINDS)
def server(request: pytest.FixtureRequest) -> Iterator[Server]:
    """An empty Grafana: the stand-in, or a new organisation in a real one."""
    if request.param == "stand-in":
        with fake_grafana() as fake:
            yield server_of(fake)
    else:
        with organisation(request.getfixturevalue("real_grafana")) as own:
            yield own


@pytest.fixture(params=KINDS)
def start(request: pytest.FixtureRequest) -> Start:
    """How to start a separate Grafana, with files and settings."""
    return STARTS[request.param]


def save_by_hand(opened: "Browser", server: Server, uid: str, title: str) -> None:
    """Change a board's title in the page of Grafana 12."""
    context = opened.new_context(viewport={"width": 1400, "height": 900})  # with separate cookies
    page = context.new_page()
    page.request.post(f"{server.url}/login", data=dict(zip(("user", "password"), server.admin, strict=True)))
    page.goto(f"{server.url}/d/{uid}?orgId={server.organisation}", wait_until="networkidle")
    page.get_by_role("button", name="Edit", exact=True).click()
    page.get_by_role("button", name="Settings", exact=True).click()
    page.get_by_label("Title").first.fill(title)
    page.get_by_role("button", name="Save dashboard").first.click()
    with page.expect_response(lambda answer: "/dashboards/db" in answer.url) as saved:
        page.get_by_role("button", name="Save", exact=True).last.click()
    assert saved.value.status == 200
    context.close()


@pytest.fixture
def save_in_page(request: pytest.FixtureRequest, server: Server) -> Callable[[str, str], None]:
    """Change the title of a board as a user does in Grafana's page."""
    if server.fake:
        return server.fake.save_in_page
    opened = request.getfixturevalue("chromium")
    return lambda uid, title: save_by_hand(opened, server, uid, title)
