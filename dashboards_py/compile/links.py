"""Links between the boards: time range and the variables that both boards have go along."""

from collections.abc import Mapping
from typing import Any

from dashboards_py.errors import DashboardsError

Json = dict[str, Any]


def finish(panel: Json, here: str, variables: Mapping[str, tuple[str, ...]], titles: Mapping[str, str]) -> None:
    """Turn a panel's links to boards (`{"to": uid, "carry": {...}}`) into Grafana's, in place.

    `variables` and `titles` are those of every board by uid. A table's column `node` sets this board's `$node`.
    """
    defaults = panel["fieldConfig"]["defaults"]
    if links := defaults.get("links"):
        defaults["links"] = [_link(link, panel, here, variables, titles) for link in links]
    if panel["type"] == "table" and "node" in variables[here]:
        url = _url(here, [name for name in variables[here] if name != "node"], {"node": "${__value.raw}"})
        click = [{"title": "Only this node", "url": url}]
        panel["fieldConfig"]["overrides"].append(
            {"matcher": {"id": "byName", "options": "node"}, "properties": [{"id": "links", "value": click}]}
        )


def _link(
    link: Json, panel: Json, here: str, variables: Mapping[str, tuple[str, ...]], titles: Mapping[str, str]
) -> Json:
    uid = link["to"]
    if uid not in titles:
        known = ", ".join(sorted(titles))
        raise DashboardsError(
            f"board {here}, panel {panel['title']!r}",
            cause=f"links to {uid}, which is no board of ours",
            fix=f"use one of {known}",
        )
    cell = "${{__data.fields.{}}}" if panel["type"] == "table" else "${{__field.labels.{}}}"
    carried = {name: cell.format(label) for name, label in link["carry"].items()}
    for name in carried:
        if name not in variables[uid]:
            raise DashboardsError(
                f"board {here}, panel {panel['title']!r}", cause=f"sets ${name} of {uid}, which has no such variable"
            )
    both = [name for name in variables[here] if name in variables[uid] and name not in carried]
    return {"title": link["title"] or titles[uid], "url": _url(uid, both, carried)}


def _url(uid: str, keep: list[str], carried: Mapping[str, str]) -> str:
    kept = [f"${{{name}:queryparam}}" for name in keep]
    set_ = [f"var-{name}={value}" for name, value in carried.items()]
    return f"/d/{uid}?" + "&".join(["${__url_time_range}", *kept, *set_])
