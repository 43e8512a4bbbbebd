"""The charts as tests on a disposable cluster install them: what no test looks at is left out.

Helm keeps the whole chart in each revision of a release, and reads all revisions for most of its commands; the API
server builds its OpenAPI documents from the schemas of all CRDs, and Helm and kubectl read those. Without READMEs,
dashboards and the largest schemas these take a quarter less of processor time. The templates are those published,
apart from the schemas; tests/live/test_cluster_foreign.py and test_cluster_drift.py install the published charts.
"""

import io
import re
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from dashboards_py.values.keys import merge_values
from tests.live.disposable import STACK

CRDS = "prometheus-operator-crds"
SMALL_SCHEMA = 100_000  # bytes of a CRD that keeps its schema: of the kinds that tests edit, all but Prometheus
DOCUMENTS = re.compile(r"/(README|UPGRADE)\.md$|/dashboards/[^/]+\.json$")
COPIED_CRDS = re.compile(rf"{STACK}/charts/crds/(crds|files)/")  # they are installed by a chart of their own
SCHEMA = re.compile(r"^    schema:\n(?:      .*\n|\n)+", re.MULTILINE)
ANYTHING = "    schema:\n      openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}\n"

# The defaults that kube-prometheus-stack has in tests, of which a test may set others.
WITHOUT: dict[str, Any] = {
    "alertmanager": {"enabled": False},
    "defaultRules": {"create": False},
    "grafana": {"defaultDashboardsEnabled": False},
    "prometheusOperator": {"admissionWebhooks": {"enabled": False}},
    **{
        name: {"enabled": False}
        for name in (
            *("coreDns", "crds", "kubeApiServer", "kubeControllerManager", "kubeEtcd", "kubeProxy", "kubeScheduler"),
            *("kubeStateMetrics", "kubelet", "nodeExporter"),
        )
    },
}


def small_charts(charts: Path, directory: Path) -> Path:
    """The charts of a directory, made smaller, in another directory."""
    for path in charts.glob("*.tgz"):
        with tarfile.open(path) as source, tarfile.open(directory / path.name, "w:gz", compresslevel=1) as small:
            for member, data in _members(source):
                member.size = len(data)
                small.addfile(member, io.BytesIO(data))
    return directory


def _members(chart: tarfile.TarFile) -> Iterator[tuple[tarfile.TarInfo, bytes]]:
    """The files of a chart that are kept, with their new contents."""
    for member in chart:
        content = chart.extractfile(member)
        if content is None or COPIED_CRDS.match(member.name):
            continue
        data = content.read()
        if DOCUMENTS.search(member.name):
            data = b"{}"
        elif member.name == f"{STACK}/values.yaml":
            values = merge_values(yaml.load(data, yaml.CSafeLoader), WITHOUT)
            data = yaml.dump(values, Dumper=yaml.CSafeDumper).encode()
        elif member.name.startswith(f"{CRDS}/") and "/crd-" in member.name and len(data) > SMALL_SCHEMA:
            data = SCHEMA.sub(ANYTHING, data.decode()).encode()
        yield member, data
