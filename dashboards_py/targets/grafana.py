"""Boards, and alerts, through Grafana's HTTP API.

A key in each board's JSON holds the hash of what we deployed: if it is missing or does not match, someone edited the
board, and we do not overwrite their work unasked. (Saving in Grafana's own pages drops the key; its API keeps it.)
"""

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace

from dashboards_py.board import fields as json_fields
from dashboards_py.errors import DashboardsError, ProblemsFound, Refused
from dashboards_py.shapes import GrafanaBoard, Json
from dashboards_py.targets._api import Api, Forbidden, NotFound, OutOfDate
from dashboards_py.targets._folders import chosen_folders, create_folder, find_folders
from dashboards_py.targets._grafana_rules import GrafanaRules
from dashboards_py.targets._leftovers import delete_board, find_leftovers
from dashboards_py.targets._live import LiveBoard, live_board, login_of, open_api, user_name
from dashboards_py.targets._mark import MARK, bears_mark, content_hash, marked
from dashboards_py.targets._plan import (
    PRUNE,
    REFUSES,
    WRITES,
    Action,
    Change,
    Deployment,
    Option,
    Options,
    Payload,
    State,
    changed_since,
)
from dashboards_py.web.address import unencrypted_warning

SUMMARY = "Grafana's HTTP API, with GRAFANA_TOKEN, or GRAFANA_USER and GRAFANA_PASSWORD."
OPTIONS = (
    Option("url", "Grafana's address; ?orgId=2 chooses the organization.", env="GRAFANA_URL"),
    Option("token", "Token of a service account with the role Editor.", env="GRAFANA_TOKEN", secret=True),
    Option("user", "User name, if there is no token.", env="GRAFANA_USER"),
    Option("password", "The user's password.", env="GRAFANA_PASSWORD", secret=True),
    Option("ca-file", "File with the CA certificate that signed Grafana's.", env="GRAFANA_CA_FILE"),
    Option("timeout", "Seconds to wait for an answer.", env="GRAFANA_TIMEOUT", default="10"),
    Option(
        "folder",
        "TITLE=UID: new boards of our folder TITLE go into your folder UID.",
        env="GRAFANA_FOLDERS",
        several=True,
    ),
    Option("rules", "Load the alerts as well, which Grafana then evaluates itself.", flag=True),
    PRUNE,
    Option("overwrite", "Replace boards and alerts that someone edited, or that are not ours.", flag=True),
)

RULE_FILE = "rules/grafana.yaml"


def prepare(payload: Payload, options: Options) -> Deployment:
    """Ask Grafana who we are, compare its boards with ours, and find the folders for new ones."""
    api, wanted = open_api(options)
    user = user_name(api)
    organization = _organization(api, wanted)
    boards = {uid: (folder, json.loads(content)) for folder, uid, content in payload.boards()}
    live = {uid: live_board(api, uid) for uid in boards}
    overwrite, prune = bool(options["overwrite"]), bool(options.get("prune"))
    changes = tuple(_change(api, uid, boards[uid][1], live[uid], overwrite) for uid in boards)
    new = {boards[change.name][0] for change in changes if change.action == Action.CREATE}
    titles = {folder for folder, _ in boards.values()}
    rules = _rules(api, payload, overwrite=overwrite, prune=prune)
    if rules:
        titles.add(rules.folder_title)
        new |= {rules.folder_title} if rules.is_new() else set()
    folders = find_folders(api, titles, new, options["folder"] or ())
    _check_rights(api, user, changes, folders)
    alerts = rules.plan(folders.get(rules.folder_title, ("", True))[0]) if rules else ()
    left_over = find_leftovers(api, boards, payload, prune=prune)
    homes = chosen_folders(options["folder"] or (), titles)
    changes = tuple(_located(change, live[change.name], boards[change.name][0], homes) for change in changes)

    def write(change: Change) -> None:
        if rules and rules.writes(change):
            if change.action == Action.CREATE:
                create_folder(api, folders, rules.folder_title)
            rules.write(change)
            return
        if change.action == Action.REMOVE:
            delete_board(api, change.name)
            return
        folder, board = boards[change.name]
        if change.action == Action.CREATE:
            create_folder(api, folders, folder)
        current = _read_again(api, change, board, live[change.name], overwrite)
        _save(api, marked(board, payload.commit), current, folders.get(folder, ("", True))[0])

    return Deployment(f"{api.shown} as {user}{organization}", (*changes, *left_over, *alerts), write)


def _located(change: Change, live: LiveBoard | None, folder: str, homes: Mapping[str, str]) -> Change:
    """The change, with the folder of a board that is in another one than ours: a deploy leaves it there."""
    if live is None or change.action == Action.FOREIGN:
        return change
    meta = live["meta"]
    title = str(meta.get("folderTitle") or "General")
    if (meta.get("folderUid") == homes[folder]) if folder in homes else title == folder:
        return change
    details = ", ".join(filter(None, (change.details, f"in the folder {title}, not {folder}")))
    moved = State.MOVED if change.drift == State.SAME else change.state
    return replace(change, state=moved, details=details)


def schemas(options: Options, uids: Sequence[str]) -> Mapping[str, str]:
    """The schema in which Grafana stores each of the boards that it has, as far as it tells."""
    from dashboards_py.targets._deployed import Reader

    return {board.uid: board.stored for board in Reader(options).boards(uids) if board.stored}


def _rules(api: Api, payload: Payload, *, overwrite: bool, prune: bool) -> GrafanaRules | None:
    if not payload.rules:
        return None
    from dashboards_py.documents.yaml import load_yaml

    document = load_yaml(payload.rules[RULE_FILE], RULE_FILE).value
    return GrafanaRules(api, document, overwrite=overwrite, prune=prune)


def warnings(options: Options) -> tuple[str, ...]:
    """Warnings to print before anything is sent."""
    login = login_of(options)
    unused = options["ca_file"] and login.address.scheme == "http"
    ca_file = f"GRAFANA_CA_FILE has no effect on {login.address.shown}, which is not https" if unused else None
    return tuple(filter(None, [unencrypted_warning(login.address, login.secret), ca_file]))


def _organization(api: Api, wanted: int | None) -> str:
    """The organization, for the plan: every user may read it (role fixed:organization:reader, granted to viewers).

    Grafana answers 403 for an organization that does not exist or that the user is not a member of.
    """
    try:
        organization = api.get("/org", want=dict)
    except (NotFound, Forbidden) as error:
        if wanted is None:
            return ""
        cause = f"does not let us into organization {wanted}, or has none ({error.cause})"
        fix = "correct ?orgId= in GRAFANA_URL, or have the user added there (Administration > Organizations)"
        raise Refused(f"Grafana at {api.shown}", cause=cause, fix=fix) from error
    if wanted is not None and organization.get("id") != wanted:
        cause = f"answers for organization {organization.get('id')}, not for {wanted} (?orgId=)"
        fix = "a proxy before Grafana may drop the header X-Grafana-Org-Id: use a token of that organization"
        raise DashboardsError(f"Grafana at {api.shown}", cause=cause, fix=fix)
    return f" in organization {organization.get('id')} ({organization.get('name')})"


def _change(api: Api, uid: str, board: GrafanaBoard, live: LiveBoard | None, overwrite: bool) -> Change:
    if live is None:
        return Change(uid, Action.CREATE, details="never deployed, or deleted")
    live_board, meta = live["dashboard"], live["meta"]
    if meta.get("provisioned") or meta.get("provisionedExternalId"):
        why = (
            f"{uid} is provisioned from files ({meta.get('provisionedExternalId') or 'unknown'}), which Grafana takes "
            "before the API: change it there (deploy files, or configmaps); removing that file removes the board"
        )
        return Change(uid, Action.CONFLICT, why, State.FOREIGN)
    if content_hash(live_board) == content_hash(board):
        return Change(uid, Action.UNCHANGED)
    if bears_mark(live_board):
        return Change(uid, Action.UPDATE)
    who = f"by {meta.get('updatedBy') or 'someone'} on {str(meta.get('updated') or 'an unknown day')[:16]}"
    if overwrite:
        return Change(uid, Action.UPDATE, details=f"saved {who}")
    if deployed := _deployed_hash(api, uid, live_board):
        state = State.EDITED if content_hash(board) == deployed else State.BOTH
        why = f"{uid} was edited {who}: save a copy of it, then --overwrite"
        return Change(uid, Action.CONFLICT, why, state, f"saved {who}")
    return Change(uid, Action.FOREIGN, f"{uid} was saved {who} and never by us: save a copy of it, then --overwrite")


def _deployed_hash(api: Api, uid: str, live: GrafanaBoard) -> str:
    """The hash of what we deployed last, by the board's mark, or that of an older version that bears one; "" if none.

    Grafana lists versions newest first, and does not let everyone read them.
    """
    if isinstance(mark := live.get(MARK), dict):
        return str(mark.get("hash") or "unknown")
    try:
        answer = api.get(f"/dashboards/uid/{uid}/versions?limit=50", want=dict)
    except (NotFound, Forbidden):
        return ""
    versions = json_fields.mappings(answer, "versions")
    marks = (json_fields.mapping(version, "data").get(MARK) for version in versions)
    return next((str(mark.get("hash") or "unknown") for mark in marks if isinstance(mark, dict)), "")


def _check_rights(api: Api, user: str, changes: tuple[Change, ...], folders: Mapping[str, tuple[str, bool]]) -> None:
    """Raise Refused if we lack a right that the plan needs; rights on single boards show only on saving."""
    needs = {"dashboards:create"} if any(change.action == Action.CREATE for change in changes) else set()
    needs |= {"folders:create"} if not all(exists for _, exists in folders.values()) else set()
    if not needs or not any(change.action in WRITES for change in changes):
        return
    try:
        may = api.get("/access-control/user/actions", want=dict)
    except NotFound:  # a Grafana without this endpoint
        return
    if missing := sorted(action for action in needs if not may.get(action)):
        raise Refused(
            f"Grafana at {api.shown}",
            cause=f"{user} may not do {', '.join(missing)}",
            fix="give the service account the role Editor",
        )


def _read_again(
    api: Api, change: Change, board: GrafanaBoard, live: LiveBoard | None, overwrite: bool
) -> LiveBoard | None:
    """The board as it is now; one that someone saved since the plan raises ProblemsFound, also with `overwrite`.

    The version that a save names does not tell: a board that was deleted and created again begins with version 1.
    """
    if live is None:  # Grafana may still remember that it was not there; a save as new does not replace one
        return None
    now = live_board(api, change.name)
    if now is None or content_hash(now["dashboard"]) == content_hash(live["dashboard"]):
        return now
    again = _change(api, change.name, board, now, overwrite=False)
    if overwrite or again.action in REFUSES:
        raise changed_since(f"board {change.name}", "someone else saved it in the meantime")
    return now


def _save(api: Api, board: GrafanaBoard, live: LiveBoard | None, folder: str) -> None:
    """Save on top of the version that was compared, in the board's current folder, and read it again.

    Grafana's own check of the version is not atomic.
    """
    body: Json = {"dashboard": board, "folderUid": folder, "overwrite": False, "message": "cilium-dashboards"}
    if live:
        body["folderUid"] = live["meta"].get("folderUid") or ""
        body["dashboard"] = {**board, "version": live["dashboard"].get("version", 0)}
    if commit := board[MARK].get("commit"):
        body["message"] += f" {commit}"
    try:
        with suppress(OutOfDate):  # saved by someone since, or by an attempt of ours that did arrive
            api.post("/dashboards/db", body)
    except Forbidden as error:
        raise _not_by_role(api, error, board["uid"], is_new=live is None) from error
    now = live_board(api, board["uid"])
    if now is None:
        fix = "ask an administrator of Grafana to look for it"
        raise ProblemsFound(f"board {board['uid']}", cause="cannot be seen after saving it", fix=fix)
    if content_hash(now["dashboard"]) != content_hash(board):
        raise changed_since(f"board {board['uid']}", "someone else saved it in the meantime")


def _not_by_role(api: Api, error: Forbidden, uid: str, *, is_new: bool) -> Forbidden:
    """The error for a forbidden save: the same one, unless we may save other boards."""
    try:
        may = api.get("/access-control/user/actions", want=dict)
    except DashboardsError:  # Grafana's error for the save is the one to report
        return error
    if not may.get("dashboards:create"):
        return error
    edit = "ask an administrator of Grafana to give the service account the permission Edit on the folder of"
    cause, fix = (
        f"Grafana {error.cause}, although we may save others: we lack Edit on it",
        f"{edit} {api.shown}/d/{uid}",
    )
    if is_new:
        cause = (
            f"Grafana {error.cause}, although we may create dashboards: a board with this uid may exist that we "
            "may not see, and for half a minute Grafana remembers that a board did not exist"
        )
        fix = f"deploy again in a minute; if that is forbidden as well, {edit} {api.shown}/d/{uid}"
    return Forbidden(f"board {uid}", cause=cause, fix=fix)
