"""Alerts that Grafana evaluates, through its HTTP API: what would happen to each, and writing one as it was read.

Facts are those of pkg/services/ngalert: api/api_provisioning.go has the routes, provisioning/alert_rules.go what they
do. A rule is written without provenance, so that Grafana's pages can edit it, as they can our boards: our mark tells
an edit. The API takes no version to write on: each rule is read just before it is written, and again afterwards.
"""

from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from typing import Any

from dashboards_py.errors import Denied, ProblemsFound
from dashboards_py.shapes import Json
from dashboards_py.targets._api import Api, Forbidden, Invalid, NotFound, OutOfDate
from dashboards_py.targets._plan import REFUSES, Action, Change, State, changed_since, left_over
from dashboards_py.targets._rule_mark import (
    EXPRESSION,
    KEPT,
    dropped_values,
    from_file,
    marked_rule,
    rule_hash,
    rule_mark,
)
from dashboards_py.targets._sources import read_sources

PATH = "/v1/provisioning/alert-rules"
EDITABLE = {"X-Disable-Provenance": "true"}
RIGHTS = "give the service account the role Editor, or the permissions alert.provisioning:read and :write"
KEEP = "save a copy of it, then --overwrite"


class GrafanaRules:
    """The alerts of our file and those of a Grafana, compared."""

    def __init__(self, api: Api, document: Mapping[str, Any], *, overwrite: bool, prune: bool) -> None:
        self._api, self._overwrite, self._prune = api, overwrite, prune
        self._live = {str(rule.get("uid")): rule for rule in _read_all(api)}
        self._groups = document["groups"]
        self.folder_title = str(self._groups[0]["folder"]) if self._groups else ""
        self._rules: dict[str, Json] = {}
        self._removed: dict[str, str] = {}  # uids by names

    def is_new(self) -> bool:
        """Whether one of our alerts is not there yet, and needs the folder."""
        return any(rule["uid"] not in self._live for group in self._groups for rule in group["rules"])

    def plan(self, folder: str) -> tuple[Change, ...]:
        """What would happen to each alert; new ones go into the folder with this uid."""
        configured = {
            query["datasourceUid"] for group in self._groups for rule in group["rules"] for query in rule["data"]
        }
        replaced, why = _data_source(self._api, configured - {EXPRESSION})
        if why:
            return (Change("alerts", Action.IMPOSSIBLE, why),)
        rules = [from_file(rule, group["name"], folder, replaced) for group in self._groups for rule in group["rules"]]
        self._rules = {_name(rule["uid"]): rule for rule in rules}
        titles = {str(rule.get("title")): uid for uid, rule in self._live.items() if rule.get("folderUID") == folder}
        changes = (self._change(rule, self._live.get(rule["uid"]), titles) for rule in rules)
        left = tuple(self._left_over({rule["uid"] for rule in rules}))
        removed = {change.name for change in left if change.action == Action.REMOVE}
        self._removed = {_name(uid): uid for uid in self._live if _name(uid) in removed}
        return (*changes, *left)

    def writes(self, change: Change) -> bool:
        """Whether a change is one of an alert."""
        return change.name in self._rules or change.name in self._removed

    def write(self, change: Change) -> None:
        """Write or remove one alert, unless it was edited or is not ours by now, and read it again."""
        if change.name in self._removed:
            self._remove(self._removed[change.name])
            return
        rule = self._rules[change.name]
        live = _read(self._api, rule["uid"])
        if live and self._change(rule, live, {}).action == Action.UNCHANGED:
            return
        refusal = None
        try:
            if live is None:
                self._api.post(PATH, marked_rule(rule), EDITABLE)
            else:
                self._api.put(f"{PATH}/{rule['uid']}", lambda: self._on_top(rule), EDITABLE)
        except (OutOfDate, Invalid) as error:  # written by someone since, or by an attempt of ours that did arrive
            refusal = error
        except Forbidden as error:
            raise Forbidden(error.what, cause=error.cause, fix=RIGHTS) from error
        saved = _read(self._api, rule["uid"])
        if saved and rule_hash(saved, rule) == rule_hash(rule):
            return
        if refusal:
            kind = Denied if isinstance(refusal, Invalid) else ProblemsFound
            raise kind(change.name, cause=refusal.cause, fix=refusal.fix) from refusal
        raise changed_since(change.name, "someone else saved it in the meantime")

    def _on_top(self, rule: Json) -> Json:
        """The rule to write over the one that Grafana has now, which must be ours, and not edited."""
        live = _read(self._api, rule["uid"])
        if live is None:
            fix = "deploy again to create it"
            raise ProblemsFound(_name(rule["uid"]), cause="was deleted in the meantime", fix=fix)
        now = self._change(rule, live, {})
        if now.action in REFUSES:
            raise ProblemsFound(now.why)
        return marked_rule({**rule, **{key: live[key] for key in KEPT if key in live}})

    def _change(self, rule: Json, live: Json | None, titles: Mapping[str, str]) -> Change:
        name = _name(rule["uid"])
        if live is None:
            if other := titles.get(rule["title"]):
                why = f"{name}: its folder has another alert of this title (uid {other}): rename or delete that one"
                return Change(name, Action.FOREIGN, why)
            return Change(name, Action.CREATE, details="never deployed, or deleted")
        if provenance := live.get("provenance"):
            return Change(name, Action.CONFLICT, f"{name} {_provisioned(str(provenance))}", State.FOREIGN)
        if rule_hash(live, rule) == rule_hash(rule):
            return Change(name, Action.UNCHANGED)
        if self._overwrite or rule_mark(live) == rule_hash(live, dropped_values(live) or rule):
            return Change(name, Action.UPDATE)
        when = f"on {str(live.get('updated') or 'an unknown day')[:16]}"
        if deployed := rule_mark(live):
            state = State.EDITED if deployed == rule_hash(rule) else State.BOTH
            return Change(name, Action.CONFLICT, f"{name} was edited {when}: {KEEP}", state, f"saved {when}")
        return Change(name, Action.FOREIGN, f"{name} was saved {when} and never by us: {KEEP}")

    def _left_over(self, uids: Collection[str]) -> Iterator[Change]:
        """A change for each alert of ours in Grafana that is not among `uids`; edited ones are the editor's."""
        for uid, rule in sorted(self._live.items()):
            if uid not in uids and _is_as_deployed(rule):
                page = f"{self._api.shown}/alerting/grafana/{uid}/view"
                fix = f"delete it at {page}, or keep it"
                yield left_over(_name(uid), "no alert of ours now, or left out", fix, prune=self._prune)

    def _remove(self, uid: str) -> None:
        """Delete an alert that still is as we deployed it; one that is not there any more is fine."""

        def check() -> None:
            if (live := _read(self._api, uid)) is not None and not _is_as_deployed(live):
                raise changed_since(_name(uid))

        try:
            with suppress(NotFound):
                self._api.delete(f"{PATH}/{uid}", check, EDITABLE)
        except Forbidden as error:
            raise Forbidden(error.what, cause=error.cause, fix=RIGHTS) from error


def _is_as_deployed(rule: Json) -> bool:
    """Whether a live rule bears our mark, and nobody edited it."""
    return bool(rule_mark(rule)) and rule_mark(rule) == rule_hash(rule)


def _name(uid: str) -> str:
    return f"alert {uid}"


def _read_all(api: Api) -> list[Json]:
    try:
        return [rule for rule in api.get(PATH, want=list) if isinstance(rule, dict)]
    except Forbidden as error:
        raise Forbidden(error.what, cause=f"{error.cause}: to read alerts", fix=RIGHTS) from error
    except NotFound as error:
        fix = "use a Grafana with unified alerting (unified_alerting.enabled), or deploy without --rules"
        raise NotFound(error.what, cause="has no alerting API", fix=fix) from error


def _read(api: Api, uid: str) -> Json | None:
    with suppress(NotFound):
        return api.get(f"{PATH}/{uid}", want=dict)
    return None


def _provisioned(provenance: str) -> str:
    if provenance == "file":
        return "is provisioned from files, which Grafana takes before the API: change it there"
    return (
        f"was made by another tool (provenance {provenance}), of which Grafana takes no other change: "
        "change it there, or delete it"
    )


def _data_source(api: Api, configured: Collection[str]) -> tuple[Mapping[str, str], str]:
    """The data source to ask instead of each that Grafana does not have, and why there is none."""
    from dashboards_py.configuration import DEFAULTS  # --help of all targets needs none

    sources = read_sources(api)
    missing = sorted(set(configured) - {source.uid for source in sources}) if sources is not None else []
    if not sources or not missing:
        return {}, "" if sources is None or not missing else _no_source(missing, [])
    prometheus = [source.uid for source in sources if source.type == "prometheus"]
    if missing == [DEFAULTS.alerts.datasource] and len(prometheus) == 1:
        return {missing[0]: prometheus[0]}, ""
    return {}, _no_source(missing, prometheus)


def _no_source(missing: Collection[str], prometheus: Collection[str]) -> str:
    has = f"has {', '.join(sorted(prometheus))}" if prometheus else "has no Prometheus"
    fix = "set alerts.datasource to the uid of the data source that they are to ask"
    return f"alerts ask the data source {', '.join(missing)}, but Grafana {has}: {fix}"
