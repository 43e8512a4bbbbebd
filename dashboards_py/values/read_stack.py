"""Read values of kube-prometheus-stack in whatever document they are: plain, or in an object of Flux, Argo CD ..."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dashboards_py.documents.value_formats import Carrier, carriers
from dashboards_py.errors import DashboardsError
from dashboards_py.values.assemble import InputFile, Stored, UserValues, assembled, documents_of, is_object

CHART = "kube-prometheus-stack"
# Keys of the chart that tell that values are its own.
OWN = frozenset(
    (
        *("prometheusOperator", "alertmanager", "defaultRules", "kubeApiServer", "kubeControllerManager", "kubeEtcd"),
        *("kubeProxy", "kubeScheduler", "kubeStateMetrics", "nodeExporter", "prometheus", "grafana", "kubelet"),
        *("kube-state-metrics", "prometheus-node-exporter", "thanosRuler"),
    )
)


@dataclass(frozen=True, slots=True)
class StackValues:
    """The values of a stack, and the name of its Helm release, "" if it is not known."""

    values: UserValues
    release: str = ""


def read_stack_values(files: Sequence[InputFile]) -> tuple[StackValues, ...]:
    """The values of kube-prometheus-stack in these files; () if there are none."""
    objects = [(file, document) for file in files for document in documents_of(file)]
    stored = Stored([document for _, document in objects])
    stacks = [item for file, document in objects for item in _read(document, file, stored)]
    return tuple(item for item in stacks if item.values.document not in stored.used)


def _read(document: Mapping[str, Any], file: InputFile, stored: Stored) -> Iterator[StackValues]:
    if is_object(document):
        for carrier in carriers(document):
            if _is_stacks(carrier, file, stored):
                release = next(iter(carrier.hints), "") or carrier.name.rpartition("/")[2]
                is_release = carrier.kind not in ("ConfigMap", "Secret")
                yield StackValues(assembled(carrier, file, stored), release if is_release else "")
        return
    inner = document.get(CHART)
    if isinstance(inner, Mapping) and not OWN & document.keys():
        yield StackValues(UserValues(inner, file.name, below=(CHART,)))
    elif OWN & document.keys() or not document:
        yield StackValues(UserValues(document, file.name))


def _is_stacks(carrier: Carrier, file: InputFile, stored: Stored) -> bool:
    """True if a carrier is for the chart: by the chart's name, or else by other names or the values."""
    if carrier.chart:
        return carrier.chart == CHART
    if carrier.kind not in ("ConfigMap", "Secret") and any(CHART in hint for hint in carrier.hints):
        return True
    try:
        values = assembled(carrier, file, stored).values
    except DashboardsError:
        return False
    prometheus = values.get("prometheus")
    return isinstance(prometheus, Mapping) and "prometheusSpec" in prometheus
