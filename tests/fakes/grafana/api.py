"""The paths below /api and /apis that tools use, answered as Grafana 12.2 was seen to answer them."""

import re
import secrets
import socket
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from tests.fakes.grafana import alerting
from tests.fakes.grafana.accounts import ACTIONS, VISITOR, Account
from tests.fakes.grafana.schema import resource
from tests.fakes.grafana.state import FakeGrafana

Json = dict[str, Any]
Answer = tuple[int, Any]
MISMATCH = {"message": "The dashboard has been changed by someone else", "status": "version-mismatch"}
DENIED = {"message": "You'll need additional permissions to perform this action.", "title": "Access denied"}
PROVISIONED = {"message": "Cannot save provisioned dashboard"}
NOT_FOUND: Answer = (404, {"message": "Not found"})
FORBIDDEN: Answer = (403, DENIED)
# What a viewer may POST to a Prometheus: routes in its plugin.json (pkg/api/pluginproxy/ds_proxy.go).
FORMS = frozenset(f"api/v1/{path}" for path in ("query", "query_range", "series", "labels", "query_exemplars"))
NOT_LISTED: Answer = (403, {"message": "non allow-listed POSTs not allowed on proxied Prometheus datasource"})


def answer(
    grafana: FakeGrafana,
    method: str,
    path: str,
    query: Mapping[str, str],
    account: Account | None,
    body: Json,
    organization: int | None = None,
    provenance: str = "api",
) -> Answer:
    """Status and JSON for a request to a path below /api, or to one that begins with /apis.

    A token belongs to one organization; users with a password belong to all, and use 1 unless they name another.
    """
    if path == "/health":
        return 200, {"database": "ok", "version": grafana.version, "commit": "x"}
    number = organization or (account and account.organization) or 1
    if reply := _check_account(grafana, method, path, account, number):
        return reply
    requester = account or VISITOR  # a wrong token is a visitor if anonymous access is on
    words = path.strip("/").split("/")
    if words[0] == "orgs":
        return _organize(grafana, method, words, body) if requester.role == "admin" else FORBIDDEN
    own = grafana.organization(number)
    if words[:3] == ["v1", "provisioning", "alert-rules"]:
        return alerting.answer(own, method, words[3:], requester, body, provenance)
    if words[:2] == ["datasources", "proxy"] and method != "GET":
        is_listed = method == "POST" and "/".join(words[4:]) in FORMS
        return _sources(own, words, query, requester) if is_listed else NOT_LISTED
    if method == "GET":
        return _read(own, words, query, requester)
    if words[0] in ("admin", "serviceaccounts", "datasources"):
        return _administer(own, words, body) if requester.role == "admin" else FORBIDDEN
    if not requester.may_write:
        return FORBIDDEN
    return _delete(own, words, requester) if method == "DELETE" else _write(own, words, body, requester)


def _check_account(grafana: FakeGrafana, method: str, path: str, account: Account | None, number: int) -> Answer | None:
    """The answer about the account or the organization, or the refusal of either; None to go on."""
    if account and account.organization not in (None, number):
        return 401, {"message": "API key does not belong to the requested organization"}
    if path == "/user" and account:
        return 200, {"id": 0, "login": account.login}
    if path == "/user" or (not account and (not grafana.anonymous or method != "GET")):
        return 401, {"message": "Unauthorized"}
    name = grafana.organizations.get(number)
    if path == "/org":
        return (200, {"id": number, "name": name}) if name else FORBIDDEN
    return None if name else (401, {"message": "Unauthorized"})


def _read(grafana: FakeGrafana, words: list[str], query: Mapping[str, str], account: Account) -> Answer:
    match words:
        case ["access-control", "user", "actions"]:
            return 200, dict.fromkeys(ACTIONS[account.role], True)
        case ["datasources" | "frontend", *_]:
            return _sources(grafana, words, query, account)
        case ["search"]:
            return 200, _search(grafana, query)
        case ["folders"]:
            return 200, [{"uid": uid, "title": title} for uid, title in grafana.folders.items()]
        case ["folders", uid]:
            if grafana.sees(account, "folders", uid):
                return 200, {"uid": uid, "title": grafana.folders[uid]}
        case ["dashboards", "uid", uid, *rest] | ["apis", "dashboard.grafana.app", _, "namespaces", _, _, uid, *rest]:
            if grafana.sees(account, "dashboards", uid):
                return _board(grafana, words, uid, rest)
        case _:
            return NOT_FOUND
    return NOT_FOUND if account.gets_not_found else FORBIDDEN


def _sources(grafana: FakeGrafana, words: list[str], query: Mapping[str, str], account: Account) -> Answer:
    """Data sources: who reads everything lists them, others read the settings of pages; any viewer may query them."""
    match words:
        case ["datasources"]:
            return (200, grafana.sources) if account.gets_not_found else FORBIDDEN
        case ["frontend", "settings"]:
            return 200, {"datasources": {source["name"]: source for source in grafana.sources}}
        case ["datasources", "proxy", "uid", uid, *rest] if uid in grafana.proxied:
            return grafana.proxied[uid]("/".join(rest), query)
        case ["datasources", "uid", uid, "health"]:
            if source := next((source for source in grafana.sources if source["uid"] == uid), None):
                is_up = _is_listening(str(source.get("url", "")))
                return (200, {"status": "OK"}) if is_up else (400, {"status": "ERROR"})
    return 404, {"message": "Unable to find datasource"}


def _is_listening(url: str) -> bool:
    address = urlsplit(url)
    try:
        socket.create_connection((address.hostname or "", address.port or 80), timeout=2).close()
    except OSError:
        return False
    return True


def _board(grafana: FakeGrafana, words: list[str], uid: str, rest: list[str]) -> Answer:
    live = grafana.boards[uid]
    if words[0] == "apis":
        body = resource(words[2], live, major=grafana.major)
        body["status"]["conversion"]["storedVersion"] = grafana.stored_versions.get(
            uid, body["status"]["conversion"]["storedVersion"]
        )
        return 200, body
    if rest == ["versions"]:
        return 200, {"versions": list(reversed(grafana.history[uid]))}
    if rest:
        return NOT_FOUND
    title = grafana.folders.get(live["meta"]["folderUid"], "General")
    about = {"folderTitle": title, "version": live["dashboard"]["version"], "type": "db", "isFolder": False}
    return 200, {"dashboard": live["dashboard"], "meta": {**about, **live["meta"]}}


def _search(grafana: FakeGrafana, query: Mapping[str, str]) -> list[Json]:
    text, kind = query.get("query", "").lower(), query.get("type", "")
    folders = [{"uid": uid, "title": title, "type": "dash-folder"} for uid, title in grafana.folders.items()]
    boards = [
        {
            "uid": uid,
            "title": live["dashboard"].get("title", ""),
            "type": "dash-db",
            "url": f"{grafana.prefix}/d/{uid}",
            "tags": live["dashboard"].get("tags", []),
            "folderUid": live["meta"]["folderUid"],
            "folderTitle": grafana.folders.get(live["meta"]["folderUid"], ""),
        }
        for uid, live in grafana.boards.items()
    ]
    hits = [
        entry
        for entry in folders + boards
        if text in str(entry["title"]).lower()
        and kind in ("", entry["type"])
        and query.get("tag") in (None, *entry.get("tags", ()))
        and query.get("folderUIDs") in (None, entry.get("folderUid"))
    ]
    limit, page = min(int(query.get("limit", 1000)), 5000), int(query.get("page", 1))
    return hits[(page - 1) * limit : page * limit]


def _write(grafana: FakeGrafana, words: list[str], body: Json, account: Account) -> Answer:
    if words == ["dashboards", "db"]:
        return _save(grafana, body, account)
    if words != ["folders"]:
        return NOT_FOUND
    uid = body.get("uid") or secrets.token_hex(7)
    if not body.get("title"):
        return 400, {"message": "folder title cannot be empty"}
    if uid in grafana.folders:
        return 412, {"message": "the folder has been changed by someone else"}
    grafana.folders[uid] = body["title"]
    grafana.own(account, "folders", uid)
    return 200, {"uid": uid, "title": body["title"], "url": f"{grafana.prefix}/dashboards/f/{uid}"}


def _save(grafana: FakeGrafana, body: Json, account: Account) -> Answer:
    board, folder = dict(body["dashboard"]), body.get("folderUid") or ""
    uid = board.setdefault("uid", "") or secrets.token_hex(7)
    board["uid"] = uid
    if refusal := _refusal(grafana, board, folder, account, overwrite=bool(body.get("overwrite"))):
        return refusal
    if grafana.between_check_and_write:
        grafana.lock.release()
        try:
            grafana.between_check_and_write()
        finally:
            grafana.lock.acquire()
    if uid not in grafana.boards:
        grafana.own(account, "dashboards", uid)
    live = grafana.boards.get(uid)
    provisioned = {key: live["meta"][key] for key in ("provisioned", "provisionedExternalId")} if live else {}
    about = {"updatedBy": account.login, "updated": grafana.timestamp(), **provisioned}
    grafana.put(board, folder, message=body.get("message", ""), **about)
    return 200, {"uid": uid, "status": "success", "folderUid": folder, "version": grafana.versions()[uid]}


def _refusal(grafana: FakeGrafana, board: Json, folder: str, account: Account, *, overwrite: bool) -> Answer | None:
    """Why a board is not saved, or None."""
    live = grafana.boards.get(board["uid"])
    if not board.get("title"):
        return 400, {"message": "Dashboard title cannot be empty"}
    if len(board["uid"]) > 40 or not re.fullmatch(r"[\w-]+", board["uid"], re.ASCII):
        return 400, {"message": "uid contains illegal characters"}
    if not live and len(grafana.boards) >= grafana.quota:
        return 403, {"message": "Quota reached"}
    if folder and folder not in grafana.folders:
        return 400, {"message": "folder not found"}
    if (folder and not grafana.sees(account, "folders", folder)) or (
        live and not grafana.sees(account, "dashboards", board["uid"])
    ):
        return FORBIDDEN
    if live and live["meta"]["provisioned"]:
        return 400, PROVISIONED
    if live and not overwrite and board.get("version") != live["dashboard"]["version"]:
        return 412, MISMATCH
    return None


def _delete(grafana: FakeGrafana, words: list[str], account: Account) -> Answer:
    match words:
        case ["dashboards", "uid", uid] if grafana.sees(account, "dashboards", uid):
            if grafana.boards[uid]["meta"]["provisioned"]:
                return 400, {"message": "provisioned dashboard cannot be deleted"}
            title = grafana.boards[uid]["dashboard"]["title"]
            grafana.remove(uid)
            return 200, {"title": title, "message": f"Dashboard {title} deleted"}
        case ["folders", uid] if grafana.sees(account, "folders", uid):
            del grafana.folders[uid]
            for board in [board for board, live in grafana.boards.items() if live["meta"]["folderUid"] == uid]:
                grafana.remove(board)
            return 200, {"message": "Folder deleted"}
    return NOT_FOUND if account.gets_not_found else FORBIDDEN


def _organize(grafana: FakeGrafana, method: str, words: list[str], body: Json) -> Answer:
    match method, words:
        case "POST", ["orgs"]:
            number = max(grafana.organizations) + 1
            grafana.organizations[number] = body["name"]
            return 200, {"orgId": number, "message": "Organization created"}
        case "DELETE", ["orgs", number] if int(number) in grafana.organizations:
            del grafana.organizations[int(number)]
            grafana.others.pop(int(number), None)
            return 200, {"message": "Organization deleted"}
    return NOT_FOUND


def _administer(grafana: FakeGrafana, words: list[str], body: Json) -> Answer:
    match words:
        case ["admin", "provisioning", "dashboards", "reload"]:
            grafana.read_files(now=True)
            return 200, {"message": "Dashboards config reloaded"}
        case ["datasources"]:
            grafana.sources.append(body)
            return 200, {"id": len(grafana.sources), "name": body["name"], "message": "Datasource added"}
        case ["serviceaccounts"]:
            login = f"sa-{grafana.number}-{body['name'].lower()}"
            grafana.accounts.append(Account(login, body["role"].lower(), grafana.number))
            return 201, {"id": len(grafana.accounts), "name": body["name"], "role": body["role"]}
        case ["serviceaccounts", number, "tokens"]:
            key = f"glsa_{secrets.token_hex(16)}"
            grafana.tokens[key] = grafana.accounts[int(number) - 1]
            return 200, {"name": body["name"], "key": key}
    return NOT_FOUND
