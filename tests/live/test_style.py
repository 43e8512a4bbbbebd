"""The house style in the real Grafana: what its UI would save is what we wrote, but for its defaults."""

import json
from typing import Any

import pytest
from playwright.sync_api import Browser

from dashboards_py.board import read
from dashboards_py.compile import find
from tests.live.conftest import Environment

KINDS = {"timeseries", "stat", "bargauge", "table", "state-timeline", "heatmap", "text"}
UIDS = ("cilium-agent", "cilium-clustermesh", "cilium-policy", "hubble-http")
BUILT_IN = "Annotations & Alerts"

# What Grafana adds on saving, by key; None: whatever it is, for it is its own bookkeeping.
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


def ui_model(chromium: Browser, environment: Environment, uid: str) -> dict[str, Any]:
    """The board as Grafana's own UI would save it: the text of its settings' JSON model."""
    login = {"Authorization": "Basic YWRtaW46YWRtaW4="}
    page = chromium.new_page(extra_http_headers=login)
    page.goto(f"{environment.grafana}/d/{uid}?editview=json-model")
    page.wait_for_function("() => window.monaco && window.monaco.editor.getModels().length > 0", timeout=60_000)
    text = page.evaluate("() => window.monaco.editor.getModels()[0].getValue()")
    page.close()
    return dict(json.loads(text))


def differences(ours: Any, theirs: Any, path: str = "") -> list[str]:
    """What stands in theirs otherwise than in ours, defaults that were added left out."""
    if isinstance(ours, dict) and isinstance(theirs, dict):
        found = [f"{path}.{key} is lost" for key in ours.keys() - theirs.keys()]
        for key, value in theirs.items():
            if key in ours:
                found += differences(ours[key], value, f"{path}.{key}")
            elif not (key in BOOKKEEPING and not path) and value not in ADDED.get(key, ()):
                found.append(f"{path}.{key} is added: {value!r}")
        return found
    if isinstance(ours, list) and isinstance(theirs, list) and len(ours) == len(theirs):
        pairs = zip(ours, theirs, strict=True)
        return [
            each for place, (one, other) in enumerate(pairs) for each in differences(one, other, f"{path}[{place}]")
        ]
    return [] if ours == theirs else [f"{path} is {theirs!r}, not {ours!r}"]


@pytest.mark.parametrize("uid", UIDS)
def test_the_ui_would_save_what_we_wrote(environment: Environment, chromium: Browser, uid: str) -> None:
    """Nothing of ours is lost or changed by Grafana's migrations, and it adds defaults only."""
    theirs = ui_model(chromium, environment, uid)
    theirs["annotations"]["list"] = [mark for mark in theirs["annotations"]["list"] if mark["name"] != BUILT_IN]
    assert differences(json.loads(find(uid).json), theirs) == []


def test_every_kind_of_panel_is_proved() -> None:
    """The boards looked at above hold every kind that the style can draw."""
    assert {panel.type for uid in UIDS for panel in read(find(uid).json).panels} == KINDS
