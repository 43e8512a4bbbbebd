"""Boards in a real Grafana, opened in headless Chromium: the answers that each panel got, and a picture."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.components import chromium

if TYPE_CHECKING:  # importing it takes half a second, in each worker
    from playwright.sync_api import Browser, Page, Response

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--hide-scrollbars",
]
WIDTH, HEIGHT = 1440, 900


@dataclass(slots=True)
class OpenedBoard:
    """The result of opening a board: the number of values by panel id, errors, and titles that are cut off."""

    values: dict[int, int] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    titles_cut: list[str] = field(default_factory=list)


@contextmanager
def browser() -> Iterator["Browser"]:
    """A headless Chromium that connects only to the page's own host."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        yield opened
        opened.close()


def open_board(
    opened: "Browser",
    grafana: str,
    uid: str,
    hour: tuple[float, float],
    *,
    height: int = HEIGHT,
    every_row: bool = False,
    picture: Path | None = None,
    query: str = "",
    headers: Mapping[str, str] | None = None,
) -> OpenedBoard:
    """Open a board for an hour and collect the answers of each panel; `picture` is the file to write.

    `headers`, as of a login, are sent with every request to the Grafana, and to nobody else.

    With `every_row`, closed rows are opened too; the page must be high enough to show every panel that should load.
    """
    result = OpenedBoard()
    page = opened.new_page(viewport={"width": WIDTH, "height": height})
    if headers:
        page.route(f"{grafana}/**", lambda route: route.continue_(headers={**route.request.headers, **headers}))
    answers: list[Response] = []
    page.on("response", lambda response: answers.append(response))
    page.on("pageerror", lambda error: result.errors.append(f"page: {error}"))
    begin, end = (int(moment * 1000) for moment in hour)
    page.goto(f"{grafana}/d/{uid}?kiosk&theme=dark&from={begin}&to={end}{query}")
    _settle(page)
    if every_row:
        while row := page.query_selector('button[aria-label="Expand row"]'):
            row.click()
            page.wait_for_timeout(250)
        _settle(page)
    for mark in page.query_selector_all('[data-testid="data-testid Panel status error"]'):
        result.errors.append(f"panel error: {mark.get_attribute('aria-label') or mark.inner_text()}")
    for answer in answers:
        _collect(answer, result)
    result.titles_cut = page.evaluate(CUT)
    if picture:
        picture.parent.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=str(picture))
    page.close()
    return result


CUT = """() => [...document.querySelectorAll('[data-testid^="data-testid Panel header"] h2')]
    .filter(title => title.scrollWidth > title.clientWidth + 1).map(title => title.innerText)"""


def _settle(page: "Page") -> None:
    page.wait_for_load_state("networkidle", timeout=60_000)
    page.wait_for_timeout(1200)
    page.wait_for_load_state("networkidle", timeout=60_000)


def _collect(response: "Response", result: OpenedBoard) -> None:
    """Read one answer; a query that Grafana cancelled for a newer one has no body and is ignored."""
    if "/api/ds/query" not in response.url:
        if response.status >= 400:
            result.errors.append(f"{response.status} {response.url}")
        return
    body: dict[str, Any] = json.loads(response.request.post_data or "{}")
    panel = int(response.request.headers.get("x-panel-id", "0") or 0)
    if not panel:  # variables and annotations
        return
    if response.status >= 400:
        result.errors.append(f"panel {panel}: {response.status} {body}")
        return
    from playwright.sync_api import Error as PlaywrightError

    try:
        results = response.json().get("results", {})
    except PlaywrightError:
        return
    values = 0
    for ref, answer in results.items():
        if answer.get("error"):
            result.errors.append(f"panel {panel} query {ref}: {answer['error']}")
        values += sum(len(column) for frame in answer.get("frames", ()) for column in frame["data"]["values"][1:])
    result.values[panel] = result.values.get(panel, 0) + values
