"""Boards through Grafana's HTTP API.

A key in each board's JSON holds the hash of what we deployed: where it is gone or does not match, somebody edited the
board, and we do not overwrite their work unasked.
"""

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from dashboards_py.errors import DashboardsError, ProblemsFound, Refused
from dashboards_py.targets._api import Api, NotFound, OutOfDate
from dashboards_py.targets.plan import Action, Change, Deployment, Option, Options, Payload

SUMMARY = "Grafana's HTTP API, with GRAFANA_TOKEN, or GRAFANA_USER and GRAFANA_PASSWORD."
OPTIONS = (
    Option("url", "Where Grafana is.", env="GRAFANA_URL"),
    Option("token", "Token of a service account that may write boards and folders.", env="GRAFANA_TOKEN", secret=True),
    Option("user", "User name, where there is no token.", env="GRAFANA_USER"),
    Option("password", "The user's password.", env="GRAFANA_PASSWORD", secret=True),
    Option("ca-file", "CA certificate of Grafana's TLS.", env="GRAFANA_CA_FILE"),
    Option("timeout", "Seconds to wait for an answer.", env="GRAFANA_TIMEOUT", default="10"),
    Option("folder", "TITLE=UID: put boards of our folder TITLE into your folder UID.", several=True),
    Option("overwrite", "Replace boards that somebody edited, or that are not ours.", flag=True),
)
MARK = "ciliumDashboards"
NEEDED = ("dashboards:create", "dashboards:write", "folders:read")
Json = dict[str, Any]


def prepare(payload: Payload, options: Options) -> Deployment:
    """Ask Grafana who we are, then compare its boards and folders with ours."""
    api = Api(
        options["url"],
        token=options["token"],
        user=options["user"],
        password=options["password"],
        ca_file=options["ca_file"],
        timeout=options["timeout"],
    )
    who = _who(api)
    overwrite = bool(options["overwrite"])
    boards = {uid: (folder, json.loads(content)) for folder, uid, content in payload.boards()}
    folders = _folders(api, sorted({folder for folder, _ in boards.values()}), options["folder"])
    changes, versions = [], {}
    for uid, (folder, board) in boards.items():
        live = _live(api, uid)
        changes.append(_change(uid, board, live, overwrite, folders[folder]))
        versions[uid] = live

    def write(change: Change) -> None:
        folder, board = boards[change.name]
        uid, title, exists = folders[folder]
        if not exists:
            api.post("/folders", {"uid": uid, "title": title}, known=(409, 412))
            folders[folder] = (uid, title, True)
        _save(api, board, versions[change.name], uid, payload.commit, overwrite)

    return Deployment(f"{api.shown} as {who}", tuple(changes), write)


def content_hash(board: Mapping[str, Any]) -> str:
    """The hash of a board's content: what Grafana adds (id, version) and our mark do not count."""
    kept = {key: value for key, value in board.items() if key not in ("id", "version", MARK)}
    return sha256(json.dumps(kept, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _who(api: Api) -> str:
    """Our name at Grafana; a wrong token must not pass for an anonymous visitor, nor a viewer for an editor."""
    api.health()
    user = api.get("/user", want=dict)
    name = user.get("login") or user.get("name") or "unknown"
    actions = api.get("/access-control/user/actions", want=dict)
    if missing := [action for action in NEEDED if not actions.get(action)]:
        raise Refused(
            f"Grafana at {api.shown}",
            cause=f"{name} may not do {', '.join(missing)}",
            fix="give the service account the role Editor",
        )
    return str(name)


def _folders(api: Api, titles: list[str], chosen: Any) -> dict[str, tuple[str, str, bool]]:
    """The uid and title of each folder of ours, and whether it exists; folders are found by uid, for titles may repeat."""
    given = {}
    for each in chosen or ():
        title, equals, uid = each.partition("=")
        if not equals or title not in titles:
            raise DashboardsError(
                f"--folder {each}", cause="is not TITLE=UID with a folder of ours", fix="ours are " + ", ".join(titles)
            )
        given[title] = uid
    there = {folder["uid"]: folder["title"] for folder in api.get("/folders?limit=10000", want=list)}
    found = {}
    for title in titles:
        uid = given.get(title, title.lower())
        same = [other for other, name in there.items() if name == title and other != uid]
        if title in given and uid not in there:
            raise DashboardsError(
                f"--folder {title}={uid}",
                cause="Grafana has no folder with this uid",
                fix="its uid is in the folder's URL",
            )
        if uid not in there and same:
            raise ProblemsFound(
                f"folder {title!r}",
                cause=f"Grafana has one of this title that is not ours (uid {same[0]})",
                fix=f"use it with --folder {title}={same[0]}, or rename it",
            )
        found[title] = (uid, there.get(uid, title), uid in there)
    return found


def _live(api: Api, uid: str) -> Json | None:
    try:
        found: Json = api.get(f"/dashboards/uid/{uid}", want=dict)
    except NotFound:
        return None
    if not isinstance(found.get("dashboard"), dict) or not isinstance(found.get("meta"), dict):
        raise DashboardsError(
            f"Grafana at {api.shown}", cause=f"answered something else than board {uid}", fix="check GRAFANA_URL"
        )
    return found


def _change(uid: str, board: Json, live: Json | None, overwrite: bool, folder: tuple[str, str, bool]) -> Change:
    if live is None:
        return Change(uid, Action.CREATE)
    found, meta = live["dashboard"], live["meta"]
    if meta.get("provisioned"):
        why = f"{uid} is provisioned from files ({meta.get('provisionedExternalId') or 'unknown'}), which Grafana does not let the API change: deploy files, or remove them"
        return Change(uid, Action.CONFLICT, why)
    if content_hash(found) == content_hash(board):
        return Change(uid, Action.UNCHANGED)
    mark = found.get(MARK)
    if overwrite or (isinstance(mark, dict) and mark.get("hash") == content_hash(found)):
        return Change(uid, Action.UPDATE)
    who = f"by {meta.get('updatedBy') or 'somebody'} on {str(meta.get('updated') or 'an unknown day')[:16]}"
    if isinstance(mark, dict):
        return Change(uid, Action.CONFLICT, f"{uid} was edited {who}: save a copy of it, then --overwrite")
    return Change(
        uid, Action.FOREIGN, f"{uid} was saved {who}, not by us or in the UI since: save a copy of it, then --overwrite"
    )


def _save(api: Api, board: Json, live: Json | None, folder: str, commit: str, overwrite: bool) -> None:
    """Save against the version we compared with, then read again: Grafana's own check is not atomic."""
    marked = {**board, MARK: {"hash": content_hash(board), **({"commit": commit} if commit else {})}}
    if live:
        folder = live["meta"].get("folderUid") or ""
        marked["version"] = live["dashboard"].get("version", 0)
    body = {
        "dashboard": marked,
        "folderUid": folder,
        "overwrite": overwrite,
        "message": f"cilium-dashboards {commit}".strip(),
    }
    try:
        api.post("/dashboards/db", body)
    except OutOfDate:
        pass  # somebody saved since we looked, or an attempt of ours arrived after all: what is there now decides
    now = _live(api, board["uid"])
    if now is None or content_hash(now["dashboard"]) != content_hash(board):
        raise ProblemsFound(
            f"board {board['uid']}",
            cause="somebody saved it at the same moment",
            fix="deploy again to see what it is now",
        )
