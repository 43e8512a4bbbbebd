"""Whatever a file contains, every reader and every command that takes a file handles it without a traceback.

A few examples in each run; `make fuzz` tries many (FUZZ names how many for each test).
"""

import json
import os
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import yaml
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboards_py.board import Board, read
from dashboards_py.board.documents import boards_in
from dashboards_py.catalog import NEWEST
from dashboards_py.cli import cli
from dashboards_py.compile import find
from dashboards_py.documents.objects import is_object
from dashboards_py.documents.rule_files import rule_sets_in
from dashboards_py.documents.yaml import load_yaml_documents
from dashboards_py.errors import DashboardsError
from dashboards_py.lint import lint, lint_rules, records_of
from dashboards_py.needs import needs
from dashboards_py.outline import outline
from dashboards_py.targets import Payload, _directory, _mark, files
from dashboards_py.upstream.standalone import standalone_json
from dashboards_py.values.assemble import InputFile
from dashboards_py.values.check import check
from dashboards_py.values.merge import merge_required
from dashboards_py.values.prometheus_spec import spec_of_values, specs_of_objects
from dashboards_py.values.read import read_user_values
from dashboards_py.values.render import to_yaml
from dashboards_py.values.required import required_values
from dashboards_py.values.stack_check import selector_gaps, stack_gaps
from tests.documents.test_rule_files import FORMS as RULES_IN_DOCUMENTS
from tests.documents.test_rule_files import GRAFANA
from tests.field.test_boards import WRAPPED as BOARDS_IN_DOCUMENTS
from tests.field.test_wrapped_values import WRAPPED as VALUES_IN_DOCUMENTS
from tests.field.v2_twin import resource as v2_resource
from tests.fuzz.bounds import bounded
from tests.fuzz.mutate import documents, texts

EXAMPLES = int(os.environ.get("FUZZ", "15"))
many = settings(
    max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), print_blob=True, database=None
)

PANEL = {
    "id": 1,
    "type": "timeseries",
    "title": "P",
    "gridPos": {"x": 0, "y": 0, "w": 12, "h": 8},
    "datasource": {"type": "prometheus", "uid": "$datasource"},
    "fieldConfig": {
        "defaults": {
            "unit": "pps",
            "links": [{"title": "L", "url": "/d/x"}],
            "thresholds": {
                "mode": "absolute",
                "steps": [{"color": "green", "value": None}, {"color": "red", "value": 80}],
            },
        },
        "overrides": [
            {
                "matcher": {"id": "byFrameRefID", "options": "A"},
                "properties": [{"id": "unit", "value": "s"}, {"id": "links", "value": [{"title": "L", "url": "u"}]}],
            }
        ],
    },
    "transformations": [],
    "seriesOverrides": [{"yaxis": 2}],
    "yaxes": [{"format": "s"}],
    "targets": [
        {
            "refId": "A",
            "expr": 'sum by (reason) (rate(cilium_drop_count_total{cluster=~"$cluster"}[$__rate_interval]))',
            "legendFormat": "{{reason}}",
            "datasource": {"type": "prometheus", "uid": "x"},
            "hide": False,
        }
    ],
    "repeat": "node",
}
BOARD = {
    "uid": "x",
    "title": "X",
    "schemaVersion": 41,
    "tags": ["cilium"],
    "__inputs": [{"name": "DS_PROMETHEUS", "type": "datasource"}, {"name": "V", "type": "constant", "value": "v"}],
    "links": [{"title": "L", "url": "u", "tags": ["t"]}],
    "annotations": {"list": [{"name": "M", "expr": "changes(cilium_version[5m])", "datasource": "${DS_PROMETHEUS}"}]},
    "templating": {
        "list": [
            {"name": "datasource", "type": "datasource", "query": "prometheus"},
            {
                "name": "cluster",
                "type": "query",
                "query": {"query": "label_values(cilium_version, cluster)", "refId": "q"},
            },
            {
                "name": "node",
                "type": "query",
                "query": "label_values(cilium_version, node)",
                "multi": True,
                "regex": "/x/",
            },
        ]
    },
    "panels": [
        PANEL,
        {"type": "row", "title": "R", "collapsed": True, "panels": [{**PANEL, "libraryPanel": {"name": "n"}}]},
    ],
    "rows": [{"title": "O", "panels": [{**PANEL, "type": "text", "options": {"content": "c"}}]}],
}
ENVELOPE = {
    "apiVersion": "dashboard.grafana.app/v1",
    "spec": BOARD,
    "dashboard": BOARD,
    "model": {},
    "meta": {"slug": "x"},
}
VALUES = {
    "prometheus": {
        "enabled": True,
        "metrics": ["+cilium_bpf_map_pressure"],
        "serviceMonitor": {"labels": {"release": "x"}},
    },
    "hubble": {"enabled": True, "metrics": {"enabled": ["dns:query", "drop"], "serviceMonitor": {"enabled": False}}},
    "operator": {"prometheus": {"enabled": True}},
    "envoy": {"enabled": False},
}
SPEC = {
    "scrapeNativeHistograms": True,
    "convertClassicHistogramsToNHCB": False,
    "scrapeInterval": "30s",
    "serviceMonitorSelector": {
        "matchLabels": {"release": "x"},
        "matchExpressions": [{"key": "a", "operator": "In", "values": ["b"]}],
    },
}
STACK = {
    "prometheus": {"enabled": True, "prometheusSpec": SPEC},
    "grafana": {"enabled": True, "sidecar": {"dashboards": {"enabled": True, "folderAnnotation": "grafana_folder"}}},
}
PROMETHEUSES = {
    "apiVersion": "v1",
    "kind": "List",
    "items": [
        {"apiVersion": "monitoring.coreos.com/v1", "kind": kind, "metadata": {"name": name}, "spec": SPEC}
        for kind, name in (("Prometheus", "k8s"), ("ServiceMonitor", "cilium-agent"))
    ],
}
MANIFEST = {"dashboards/Cilium/a.json": ["0" * 64], "dashboards.yaml": ["1" * 64, "2" * 64]}
LIVE = {
    "dashboard": {**BOARD, _mark.MARK: {"hash": "x", "commit": "y"}, "id": 7, "version": 3},
    "meta": {"updatedBy": "u"},
}
OUR_BOARD = read(find("cilium-bgp", NEWEST).json)


def every_use(board: Board) -> None:
    """Do what commands do with a foreign board."""
    text = outline(board)
    text.encode()
    lint(board, NEWEST)
    with suppress(DashboardsError):
        needs(board, NEWEST)
    with suppress(DashboardsError):
        check([board], VALUES, NEWEST, labels={})


@many
@given(texts(BOARD) | texts(ENVELOPE))
def test_boards_as_text(source: bytes) -> None:
    """A board with odd values and broken bytes is read and linted, or rejected."""
    with bounded():
        every_use(read(source, "x"))


@many
@given(documents(BOARD))
def test_boards_as_values(board: Any) -> None:
    """The same for parsed JSON, as from Grafana's API; upstream's board is compared with ours."""
    with bounded():
        if isinstance(board, dict):
            every_use(read(board, "x"))
            _mark.content_hash(board)


@many
@given(texts(v2_resource(BOARD)))
def test_boards_of_schema_v2(source: bytes) -> None:
    """The same for schema v2."""
    with bounded():
        every_use(read(source, "x"))


BOARD_DOCUMENTS = st.sampled_from([board_documents for board_documents, _ in BOARDS_IN_DOCUMENTS.values()])
RULE_DOCUMENTS = st.sampled_from([rules for rules, _ in RULES_IN_DOCUMENTS.values()])
GRAFANA_ALERTS = st.sampled_from([json.loads(alerts) for alerts, _ in GRAFANA.values()])
VALUE_DOCUMENTS = st.sampled_from([value_documents for value_documents, _ in VALUES_IN_DOCUMENTS.values()])


@many
@given(BOARD_DOCUMENTS.flatmap(documents))
def test_documents_with_boards(listed: Any) -> None:
    """Objects of all formats with odd values: their boards are read, or they are rejected."""
    with bounded():
        for _, board in boards_in(yaml.safe_dump_all(listed if isinstance(listed, list) else [listed]).encode(), "x"):
            if isinstance(board, Board):
                every_use(board)


@many
@given(VALUE_DOCUMENTS.flatmap(documents))
def test_documents_with_values(listed: Any) -> None:
    """Objects of all formats with odd values: the values are read and checked, or they are rejected."""
    with bounded():
        documents_of_file = tuple(listed) if isinstance(listed, list) else (listed,)
        for item in read_user_values([InputFile("x", documents_of_file)]):
            check([OUR_BOARD], item.values, NEWEST, labels={})


@many
@given(RULE_DOCUMENTS.flatmap(documents) | GRAFANA_ALERTS.flatmap(documents))
def test_documents_with_rules(listed: Any) -> None:
    """Objects of all formats with odd values: their rules are read and linted, or they are rejected."""
    with bounded():
        source = yaml.safe_dump_all(listed if isinstance(listed, list) else [listed]).encode()
        sets = rule_sets_in(source, "x")
        records = records_of(rule for one in sets for rule in one.rules)
        for one in sets:
            for finding in lint_rules(one, NEWEST, records, house_rules=True):
                finding.what.encode()


@many
@given(texts({"groups": RULES_IN_DOCUMENTS["rule file"][0][0]["groups"]}))
def test_rule_files_as_text(source: bytes) -> None:
    """A rule file with broken bytes, and with templates and queries that are cut off."""
    with bounded():
        for one in rule_sets_in(source, "x"):
            lint_rules(one, NEWEST, records_of(one.rules))


@many
@given(texts(BOARD))
def test_exported_boards(source: bytes) -> None:
    """An export whose inputs are resolved: the result can be written."""
    with bounded():
        standalone_json(source, "x", uid="u").encode()


@many
@given(
    texts(VALUES) | st.binary(max_size=200) | st.text("&*[]{}:,-?!|>'\"#%@<= \n\tab01.~", max_size=100).map(str.encode)
)
def test_values(source: bytes) -> None:
    """Helm values as JSON, as YAML and as anything: read, checked and merged, or refused."""
    with bounded():
        for document in load_yaml_documents(source, "x"):
            json.dumps(document.value).encode()
            if isinstance(document.value, dict):
                check([OUR_BOARD], document.value, NEWEST, labels={"release": "x"})
                required = required_values(needs(OUR_BOARD, NEWEST), NEWEST, labels={"release": "x"}, interval="30s")
                to_yaml(merge_required(document.value, required, frozenset())[0], "head").encode()


@many
@given(documents(STACK) | documents(PROMETHEUSES))
def test_values_of_the_stack(document: Any) -> None:
    """Values of kube-prometheus-stack and Prometheus objects: checked, or refused."""
    with bounded():
        if not isinstance(document, dict):
            return
        if is_object(document):
            gaps = selector_gaps(specs_of_objects(document, "x"), "x")
        else:
            rendered = spec_of_values(document, "x")
            gaps = stack_gaps(document, [rendered] if rendered else [], selected_by="x", interval="30s")
        json.dumps([gap.why for gap in gaps]).encode()


@many
@given(texts(MANIFEST))
def test_manifests(source: bytes) -> None:
    """The manifest of the files in a directory, edited by hand."""
    with TemporaryDirectory() as directory, bounded():
        (Path(directory) / _directory.MANIFEST).write_bytes(source)
        files.prepare(Payload({}), {"out": directory, "path": "/x", "overwrite": False})


COMMANDS = (
    ("lint", "x.json"),
    ("lint", "."),
    ("lint", "--all", "--json", "x.json"),
    ("outline", "x.json"),
    ("outline", "--textconv", "x.json"),
)


@pytest.mark.fault("odd external JSON or YAML is a traceback")
@many
@given(source=texts(BOARD) | texts(ENVELOPE) | st.binary(max_size=100), args=st.sampled_from(COMMANDS))
def test_commands(source: bytes, args: tuple[str, ...]) -> None:
    """Exit 0, 1, 2 or 4 for any file; anything else is a fault of ours."""
    runner = CliRunner()
    with bounded(), runner.isolated_filesystem():
        Path("x.json").write_bytes(source)
        result = runner.invoke(cli, args)
        error = result.exception
        assert error is None or isinstance(error, DashboardsError | SystemExit), (result.exc_info, result.output)
        assert isinstance(error, DashboardsError) or result.exit_code in (0, 1, 2, 4)
