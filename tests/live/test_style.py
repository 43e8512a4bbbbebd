"""The house style in the real Grafana: its UI would save what we wrote, plus its defaults."""

import json
from typing import TYPE_CHECKING, Any

import pytest

from dashboards_py.board import read
from dashboards_py.compile import compile_boards, find
from tests.live.conftest import Environment

if TYPE_CHECKING:  # importing it takes half a second, in each worker
    from playwright.sync_api import Browser

UIDS = ("cilium-agent", "cilium-clustermesh", "cilium-policy", "hubble-http")
BUILT_IN = "Annotations & Alerts"

# Defaults that Grafana adds on saving, by key.
ADDED: dict[str, tuple[Any, ...]] = {
    "collapsed": (False,),
    "current": ({"text": "", "value": ""},),
    "editable": (True,),
    "fieldConfig": ({"defaults": {}, "overrides": []},),
    "fiscalYearStartMonth": (0,),
    "mappings": ([],),
    "options": ([], {}),
    "overrides": ([],),
    "panels": ([],),
    "preload": (False,),
    "refresh": (1, ""),
    "regex": ("",),
    "timepicker": ({},),
    "title": ("",),
}
BOOKKEEPING = {"id", "version"}


def ui_model(chromium: "Browser", environment: Environment, uid: str) -> dict[str, Any]:
    """The board as Grafana's UI would save it: the JSON model in its settings."""
    login = {"Authorization": "Basic YWRtaW46YWRtaW4="}
    page = chromium.new_page(extra_http_headers=login)
    page.goto(f"{environment.grafana}/d/{uid}?editview=json-model")
    page.wait_for_function("() => window.monaco && window.monaco.editor.getModels().length > 0", timeout=60_000)
    text = page.evaluate("() => window.monaco.editor.getModels()[0].getValue()")
    page.close()
    return dict(json.loads(text))


def differences(compiled: Any, saved: Any, path: str = "") -> list[str]:
    """The differences of the saved board from ours, without added defaults."""
    if isinstance(compiled, dict) and isinstance(saved, dict):
        messages = [f"{path}.{key} is lost" for key in compiled.keys() - saved.keys()]
        for key, value in saved.items():
            if key in compiled:
                messages += differences(compiled[key], value, f"{path}.{key}")
            elif not (key in BOOKKEEPING and not path) and value not in ADDED.get(key, ()):
                messages.append(f"{path}.{key} is added: {value!r}")
        return messages
    if isinstance(compiled, list) and isinstance(saved, list) and len(compiled) == len(saved):
        pairs = zip(compiled, saved, strict=True)
        return [
            difference
            for pair, (one, other) in enumerate(pairs)
            for difference in differences(one, other, f"{path}[{pair}]")
        ]
    return [] if compiled == saved else [f"{path} is {saved!r}, not {compiled!r}"]


@pytest.mark.parametrize("uid", UIDS)
def test_the_ui_would_save_what_we_wrote(environment: Environment, chromium: "Browser", uid: str) -> None:
    """Nothing of ours is lost or changed by Grafana's migrations, and it adds defaults only."""
    saved = ui_model(chromium, environment, uid)
    saved["annotations"]["list"] = [mark for mark in saved["annotations"]["list"] if mark["name"] != BUILT_IN]
    assert differences(json.loads(find(uid).json), saved) == []


def test_every_kind_of_panel_is_tested() -> None:
    """The boards tested above contain every kind of panel of our boards."""
    kinds = {panel.type for board in compile_boards() for panel in read(board.json).panels}
    assert {panel.type for uid in UIDS for panel in read(find(uid).json).panels} == kinds
