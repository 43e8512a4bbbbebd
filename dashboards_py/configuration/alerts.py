"""The settings of alerts: where their links lead, which are left out, and what a house adds or sets otherwise."""

import re
from collections.abc import Iterator
from typing import get_args
from urllib.parse import urlsplit

from dashboards_py.configuration._table import Faults, Table, nearest
from dashboards_py.configuration.values import DATASOURCE, RUNBOOKS, SELECTOR, Alerts, Pairs
from dashboards_py.errors import DashboardsError
from dashboards_py.model.rule import DURATION, Severity

SETTINGS = ("datasource", "for", "grafana-url", "labels", "runbook-url", "selector", "severity", "without")
LABEL = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]*")
KUBERNETES_LABEL = re.compile(r"([a-z0-9.-]{1,253}/)?[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?")
KUBERNETES_VALUE = re.compile(r"([A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?)?")
UID = re.compile(r"[A-Za-z0-9_-]{1,40}")
RESERVED = ("alertname", "severity")


def read_alerts(table: Table, objectives: Table) -> Alerts:
    """The settings of the tables `alerts` and `objectives`; names of alerts are compared when these are compiled."""
    table.refuse_unknown(SETTINGS)
    return Alerts(
        grafana_url=table.text("grafana-url", "", _url_faults, secret=True).rstrip("/"),
        runbook_url=table.text("runbook-url", RUNBOOKS, _url_faults, secret=True).rstrip("/"),
        without=table.texts("without", _no_faults),
        labels=_pairs(table.table("labels"), _label_faults, _no_faults),
        selector=_pairs(table.table("selector"), _key_faults, _value_faults)
        if "selector" in table.values
        else SELECTOR,
        hold=_pairs(table.table("for"), _no_faults, _duration_faults),
        severity=_pairs(table.table("severity"), _no_faults, _severity_faults),
        datasource=table.text("datasource", DATASOURCE, _uid_faults),
        objectives=tuple(_objectives(objectives)),
    )


def _pairs(table: Table, key_faults: Faults, value_faults: Faults) -> Pairs:
    for key in table.values:
        if cause := "; ".join(key_faults(key)):
            raise DashboardsError(table.name(key), cause=cause)
    return tuple((key, table.text(key, "", value_faults)) for key in table.values)


def _objectives(table: Table) -> Iterator[tuple[str, float]]:
    for name in table.values:
        value = table.number(name)
        if value is None or not 0 < value < 1:
            raise DashboardsError(table.name(name), cause="must be a share above 0 and below 1, such as 0.999")
        yield name, value


def _no_faults(_: str) -> Iterator[str]:
    yield from ()


def _duration_faults(text: str) -> Iterator[str]:
    if not DURATION.fullmatch(text):
        yield 'must be a duration such as "30m" or "1h30m"'


def _severity_faults(text: str) -> Iterator[str]:
    if text not in get_args(Severity):
        yield f"is not a severity; {nearest(text, get_args(Severity))}"


def _label_faults(text: str) -> Iterator[str]:
    if not LABEL.fullmatch(text) or text.startswith("__"):
        yield "must be a label that needs no quotes: letters, digits and _, not first a digit or __"
    if text in RESERVED:
        yield "is a label that every alert has"


def _uid_faults(text: str) -> Iterator[str]:
    if not UID.fullmatch(text):
        yield "is not the uid of a data source: up to 40 letters, digits, - and _"


def _key_faults(text: str) -> Iterator[str]:
    if not KUBERNETES_LABEL.fullmatch(text):
        yield "is not the name of a label in Kubernetes"


def _value_faults(text: str) -> Iterator[str]:
    if not KUBERNETES_VALUE.fullmatch(text):
        yield "is not the value of a label in Kubernetes: up to 63 letters, digits, -, _ and ."


def _url_faults(text: str) -> Iterator[str]:
    try:
        parts = urlsplit(text)
        host, has_password = parts.hostname, parts.password is not None or parts.username is not None
    except ValueError as error:
        yield str(error)
        return
    if not text.isprintable() or any(character in text for character in ' {}"'):
        yield "has spaces, quotes, braces or control characters: percent-encode them"
    if parts.scheme not in ("http", "https") or not host:
        yield "must begin with http:// or https://"
    if parts.query or parts.fragment:
        yield "must end with a path: what follows it is added"
    if has_password:
        yield "has credentials, which everybody who gets the alert could read"
