"""Read values of kube-prometheus-stack in whatever document they are: plain, or in an object of Flux, Argo CD ..."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dashboards_py.documents.objects import mapping
from dashboards_py.documents.value_formats import carriers
from dashboards_py.values.assemble import InputFile, Stored, UserValues, assembled, is_for, is_object, objects_of

CHART = "kube-prometheus-stack"
# Keys of the chart that tell that values are its own.
OWN = frozenset(
    (
        *("prometheusOperator", "alertmanager", "defaultRules", "kubeApiServer", "kubeControllerManager", "kubeEtcd"),
        *("kubeProxy", "kubeScheduler", "kubeStateMetrics", "nodeExporter", "prometheus", "grafana", "kubelet"),
        *("kube-state-metrics", "prometheus-node-exporter", "thanosRuler", "coreDns", "kubeDns", "customRules", "crds"),
        *("additionalPrometheusRulesMap", "kubeTargetVersionOverride", "windowsMonitoring", "extraManifests"),
        *("prometheus-windows-exporter", "cleanPrometheusOperatorObjectNames", "namespaceOverride"),
    )
)


@dataclass(frozen=True, slots=True)
class StackValues:
    """The values of a stack, and the name of its Helm release, "" if it is not known."""

    values: UserValues
    release: str = ""


def read_stack_values(files: Sequence[InputFile]) -> tuple[StackValues, ...]:
    """The values of kube-prometheus-stack in these files; () if there are none."""
    objects = objects_of(files)
    stored = Stored(objects)
    stacks = [item for file, document in objects for item in _read(document, file, stored)]
    return tuple(item for item in stacks if not stored.has_used(item.values))


def _read(document: Mapping[str, Any], file: InputFile, stored: Stored) -> Iterator[StackValues]:
    if is_object(document):
        for carrier in carriers(document):
            if is_for(CHART, carrier, file, stored, _is_stacks):
                release = next(iter(carrier.hints), "") or carrier.name.rpartition("/")[2]
                is_release = carrier.kind not in ("ConfigMap", "Secret")
                yield StackValues(assembled(carrier, file, stored), release if is_release else "")
        return
    inner = document.get(CHART)
    if isinstance(inner, Mapping) and not OWN & document.keys():
        yield StackValues(UserValues(inner, file.name, below=(CHART,)))
    elif OWN & document.keys() or not document:
        yield StackValues(UserValues(document, file.name))


def _is_stacks(values: Mapping[str, Any]) -> bool:
    """True if values have a key that only the chart of the stack has."""
    return "prometheusSpec" in mapping(values, "prometheus")
