"""The file of settings is read strictly: what is wrong is named, with the nearest right name."""

from pathlib import Path

import pytest

from dashboards_py.configuration import DEFAULTS, Alerts, Chosen, Configuration, Labels, Link
from dashboards_py.configuration.read import read_configuration
from dashboards_py.errors import USAGE, DashboardsError

FAULT = pytest.mark.fault("leaving out boards or changing a folder, a tag or the refresh means editing Python")


def read(directory: Path, text: str) -> Configuration:
    """The settings of a file with this text."""
    path = directory / "settings.toml"
    path.write_text(text)
    return read_configuration(path)


@FAULT
def test_all_settings(tmp_path: Path) -> None:
    """Each setting becomes a value."""
    text = """
peer-label = "workload"
refresh = "30s"
tags = ["network"]
[boards]
without = ["cilium-bgp"]
[folders]
Cilium = "Platform"
hubble-dns = "DNS"
[labels]
node = "kubernetes_node"
added = ["cluster_id", "site"]
[thresholds]
map-pressure = { warning = 0.6, critical = 0.8 }
[alerts]
grafana-url = "https://grafana.example.org/"
runbook-url = "https://git.example.org/runbooks"
without = ["CiliumVersionSkew"]
labels = { team = "net" }
selector = { prometheus = "main" }
datasource = "prom"
for = { CiliumX = "1h30m" }
severity = { CiliumX = "info" }
[objectives]
dns-answered = 0.99
[links]
Logs = "https://logs.example.org/{node}?from={from}"
"""
    source = str(tmp_path / "settings.toml")
    assert read(tmp_path, text) == Configuration(
        boards=Chosen(without=("cilium-bgp",), source=source),
        folders=(("Cilium", "Platform"), ("hubble-dns", "DNS")),
        tags=("network",),
        refresh="30s",
        peer_label="workload",
        labels=Labels(cluster="cluster", node="kubernetes_node", added=("cluster_id", "site")),
        links=(Link(title="Logs", url="https://logs.example.org/{node}?from={from}"),),
        thresholds=(("map-pressure.warning", 0.6), ("map-pressure.critical", 0.8)),
        alerts=Alerts(
            grafana_url="https://grafana.example.org",
            runbook_url="https://git.example.org/runbooks",
            without=("CiliumVersionSkew",),
            labels=(("team", "net"),),
            selector=(("prometheus", "main"),),
            datasource="prom",
            hold=(("CiliumX", "1h30m"),),
            severity=(("CiliumX", "info"),),
            objectives=(("dns-answered", 0.99),),
        ),
        source=source,
    )


def test_an_empty_file_sets_nothing(tmp_path: Path) -> None:
    """Neither do empty tables; and `off` is a refresh, not its absence."""
    assert read(tmp_path, "").is_default
    assert read(tmp_path, "[boards]\n[folders]\n").is_default
    assert DEFAULTS.is_default
    assert read(tmp_path, 'refresh = "off"').refresh == ""


@pytest.mark.fault("a misspelt setting is silently a default")
@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("bords = 1", "settings.toml: bords: is not a setting\n  did you mean boards?"),
        ("peer_label = 'app'", "settings.toml: peer_label: is not a setting\n  did you mean peer-label?"),
        ("[boards]\nonlly = []", "settings.toml: boards.onlly: is not a setting\n  did you mean only?"),
        ("[boards]\nonly = []", "settings.toml: boards.only: leaves out every board"),
        ("[boards]\nonly = ['a']\nwithout = ['b']", "settings.toml: boards: has both only and without"),
        ("boards = []", "settings.toml: boards: must be a table, not an array"),
        ("[boards]\nonly = 'a'", "settings.toml: boards.only: must be an array of texts, not a text"),
        ("[boards]\nonly = [1]", "settings.toml: boards.only: must be a text, not a number"),
        ("[boards]\nonly = ['a', 'a']", "settings.toml: boards.only: has 'a' twice"),
        ("[boards]\nonly = ['A/']", "settings.toml: boards.only: 'A/': must be 1 to 40 lower-case letters"),
        ("tags = ['x ']", "settings.toml: tags: 'x ': has leading or trailing spaces"),
        ("folders.Cilium = 'a/b'", "settings.toml: folders.Cilium: 'a/b': must be one folder"),
        ("folders.Cilium = 2026-01-31", "settings.toml: folders.Cilium: must be a text, not a time"),
        ("refresh = '1 minute'", "settings.toml: refresh: '1 minute': must be a time such as"),
        ("refresh = ''", "settings.toml: refresh: '': must be a time such as"),
        ("refresh = true", "settings.toml: refresh: must be a text, not true or false"),
        ("peer-label = 'work'", "settings.toml: peer-label: 'work': is not one of the labels that can name pods; did"),
        ("labels.nod = 'x'", "settings.toml: labels.nod: is not a setting\n  did you mean node?"),
        ("labels.node = 'k8s.node'", "settings.toml: labels.node: 'k8s.node': must be a label that needs no quotes"),
        ("labels.node = '__name__'", "settings.toml: labels.node: '__name__': must be a label that needs no quotes"),
        ("labels.added = 'site'", "settings.toml: labels.added: must be an array of texts, not a text"),
        ("labels.added = ['a-b']", "settings.toml: labels.added: 'a-b': must be a label that needs no quotes"),
        ("labels.node = 'cluster'", "settings.toml: labels: cluster and node are both 'cluster'"),
        ("links.Logs = 'ftp://example.org/'", "settings.toml: links.Logs: must begin with http://, https://, or for"),
        ("links.Logs = 'javascript:alert(1)'", "settings.toml: links.Logs: must begin with http://"),
        ("links.Logs = '//example.org/'", "settings.toml: links.Logs: must begin with http://"),
        ("links.Logs = 'https://'", "settings.toml: links.Logs: must begin with http://"),
        (
            "links.Logs = 'https://{node}.example.org/'",
            "settings.toml: links.Logs: has a placeholder in the name of",
        ),
        ("links.Logs = 'https://a:secret@example.org/'", "settings.toml: links.Logs: has credentials, which everybody"),
        (
            "links.Logs = 'https://example.org/{nod}'",
            "settings.toml: links.Logs: {nod} is not a placeholder; did you mean node",
        ),
        ("links.Logs = 'https://example.org/a b'", "settings.toml: links.Logs: has spaces or control characters"),
        ("links.Logs = 'https://[::1'", "settings.toml: links.Logs: Invalid IPv6 URL"),
        ("links.Logs = {url = 'https://example.org'}", "settings.toml: links.Logs: must be a text, not a table"),
        ("links.'' = 'https://example.org'", "settings.toml: links.: the title: is empty"),
        (
            "[thresholds]\nmap-presure.warning = 1",
            "settings.toml: thresholds.map-presure: is not a threshold\n  did you mean map-pressure?",
        ),
        (
            "[thresholds]\nmap-pressure.warn = 1",
            "settings.toml: thresholds.map-pressure.warn: is not a level of map-pressure\n  did you mean warning?",
        ),
        (
            "[thresholds]\noperators.warning = 1",
            "settings.toml: thresholds.operators.warning: is not a level of operators\n  known: critical",
        ),
        ("[thresholds]\nmap-pressure = 1", "settings.toml: thresholds.map-pressure: must be a table, not a number"),
        ("thresholds.map-pressure.warning = '1'", "settings.toml: thresholds.map-pressure.warning: must be a number"),
        ("thresholds.map-pressure.warning = nan", "settings.toml: thresholds.map-pressure.warning: must be a number"),
        ("thresholds.map-pressure.warning = true", "settings.toml: thresholds.map-pressure.warning: must be a number"),
        (
            "thresholds.map-pressure.critical = 90",
            "settings.toml: thresholds.map-pressure.critical: 90: must be a share",
        ),
        ("thresholds.slice-time.warning = -1", "settings.toml: thresholds.slice-time.warning: -1: must be at least 0"),
        (
            "thresholds.map-pressure.warning = 0.95",
            "settings.toml: thresholds.map-pressure: critical 0.9 is not above warning 0.95\n  set both",
        ),
        (
            "thresholds.http-success-share.critical = 1",
            "settings.toml: thresholds.http-success-share: critical 1 is not below warning 0.99\n  set both",
        ),
        ("alerts.foor = {}", "settings.toml: alerts.foor: is not a setting\n  did you mean for?"),
        ("alerts.for.CiliumX = '5'", "settings.toml: alerts.for.CiliumX: '5': must be a duration such as"),
        ("alerts.severity.CiliumX = 'page'", "settings.toml: alerts.severity.CiliumX: 'page': is not a severity"),
        ("alerts.labels.severity = 'x'", "settings.toml: alerts.labels.severity: is a label that every alert has"),
        ("alerts.labels.'a-b' = 'x'", "settings.toml: alerts.labels.a-b: must be a label that needs no quotes"),
        ("alerts.selector.'a b' = 'x'", "settings.toml: alerts.selector.a b: is not the name of a label in Kubernetes"),
        ("alerts.selector.a = 'x y'", "settings.toml: alerts.selector.a: 'x y': is not the value of a label in"),
        ("alerts.datasource = 'a b'", "settings.toml: alerts.datasource: 'a b': is not the uid of a data source"),
        ("alerts.grafana-url = '/g'", "settings.toml: alerts.grafana-url: must begin with http:// or https://"),
        ("alerts.grafana-url = 'https://a:secret@b/'", "settings.toml: alerts.grafana-url: has credentials, which"),
        ("alerts.runbook-url = 'https://b/?x={y}'", "settings.toml: alerts.runbook-url: has spaces, quotes, braces"),
        ("alerts.grafana-url = 'https://[::1'", "settings.toml: alerts.grafana-url: Invalid IPv6 URL"),
        ("objectives.dns-answered = 99.9", "settings.toml: objectives.dns-answered: must be a share above 0 and below"),
        ("objectives.dns-answered = '1'", "settings.toml: objectives.dns-answered: must be a number, not a text"),
        ("thresholds.workload-5xx.floor = -1", "settings.toml: thresholds.workload-5xx.floor: -1: must be"),
        ("tags = [\n", "settings.toml: is not TOML: Invalid value (at end of document)"),
        (
            "tags = []\nrefresh = 1m\n",
            "settings.toml: is not TOML: Expected newline or end of",
        ),
        ("tags = []\ntags = []\n", "settings.toml: is not TOML: Cannot overwrite a value (at line 2, column 10)"),
        ("a = " + "[" * 100_000, "settings.toml: is nested more than 100 levels deep"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, text: str, message: str) -> None:
    """The error names the setting, the cause and the nearest right name, and for TOML the line; exit 2."""
    with pytest.raises(DashboardsError) as caught:
        read(tmp_path, text)
    assert str(caught.value).startswith(f"{tmp_path}/{message}")
    assert caught.value.exit_code == USAGE
    assert "secret" not in str(caught.value)


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    """It is named, with the reason."""
    with pytest.raises(DashboardsError, match=r"nowhere\.toml: No such file"):
        read_configuration(tmp_path / "nowhere.toml")
    path = tmp_path / "utf16.toml"
    path.write_text("a = 1", encoding="utf-16")
    with pytest.raises(DashboardsError, match="is UTF-16"):
        read_configuration(path)
