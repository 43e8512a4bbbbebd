"""Read a user's values of a chart in whatever document they are: plain, or in an object of Flux, Argo CD, k3s ..."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from dashboards_py.catalog.helm_key import helm_sections, keys_of_section
from dashboards_py.documents.value_formats import Carrier, carriers
from dashboards_py.errors import DashboardsError
from dashboards_py.plural import counted, some_of
from dashboards_py.values.assemble import InputFile, Stored, UserValues, assembled, is_for, is_object, objects_of
from dashboards_py.values.computed import HEADERS, computed_sections, without_defaults
from dashboards_py.values.placeholders import placeholders

CHART, CONFIG = "cilium", "HelmChartConfig"
# Keys that many charts have: they do not tell that values are Cilium's.
_COMMON = (
    "affinity agent annotations authentication cluster commonLabels daemon dashboards debug dnsPolicy envoy etcd "
    "extraArgs extraConfig extraContainers extraEnv extraHostPathMounts extraInitContainers extraVolumeMounts "
    "extraVolumes healthPort hostPort image imagePullSecrets ipv4 ipv6 livenessProbe loadBalancer minReadySeconds "
    "monitor name namespaceOverride nodeinit nodeSelector operator podAnnotations podLabels podSecurityContext "
    "pprof preferIpv6 preflight priorityClassName prometheus rbac readinessProbe resourceQuotas resources "
    "scheduling securityContext serviceAccounts startupProbe terminationGracePeriodSeconds tls tolerations "
    "updateStrategy"
)
COMMON = frozenset(_COMMON.split())
FIX = (
    "give values of the Cilium chart: plain, a HelmRelease, an Application or ApplicationSet, a HelmChart or "
    "HelmChartConfig, a Kustomization with helmCharts, or a ConfigMap or Secret that holds them"
)


def read_user_values(files: Sequence[InputFile]) -> tuple[UserValues, ...]:
    """The values of the Cilium chart in these files, in reading order.

    Raises DashboardsError if there are none, with what the files hold instead.
    """
    objects = objects_of(files)
    stored = Stored(objects)
    aliases = _aliases([document for _, document in objects])
    user_values: list[UserValues] = []
    others: dict[str, None] = {}
    carried_by = [(file, document, tuple(carriers(document))) for file, document in objects]
    configs = _configs(carried_by, stored)
    charts = {carrier.hints[0] for *_, carried in carried_by for carrier in carried if carrier.kind == "HelmChart"}
    for file, document, carried in carried_by:
        own = [carrier for carrier in carried if is_for(CHART, carrier, file, stored, is_ciliums)]
        own = [carrier for carrier in own if carrier.kind != CONFIG or carrier.hints[0] not in charts]
        user_values += [assembled(_with_config(carrier, configs), file, stored) for carrier in own]
        if not own and not is_object(document):
            user_values += _plain(document, file.name, aliases, alone=len(objects) == 1)
        if not own:
            others[_foreign(document, carried)] = None
    user_values = [values for values in user_values if not stored.has_used(values)]
    if not user_values:
        _refuse(files, [other for other in others if other])
    return tuple(user_values)


def is_ciliums(values: Mapping[str, Any]) -> bool:
    """True if values have a key that only the Cilium chart has; `cni: cilium` in a configuration of RKE2 is not one."""
    own = (helm_sections() - COMMON) & values.keys()
    return any(isinstance(values[key], Mapping | None) or not keys_of_section(key) for key in own)


def _may_be_ciliums(values: Mapping[str, Any]) -> bool:
    """True if values may be the chart's though others have these keys, too: most of them, and of the keys below.

    Talos has `cluster`, Pulumi `resources`, workflows of GitHub `name`.
    """
    known = helm_sections() & values.keys()
    maps = {key: value for key in known if isinstance(value := values[key], Mapping) and value and keys_of_section(key)}
    is_like_charts = [_has_most(keys_of_section(key), value) for key, value in maps.items()]
    return _has_most(known, values) and (any(is_like_charts) or (not is_like_charts and len(known) == len(values)))


def _has_most(known: frozenset[str], values: Mapping[str, Any]) -> bool:
    """True if at least half of the keys are known."""
    return 2 * len(known & values.keys()) >= len(values)


Carried = Sequence[tuple[InputFile, Mapping[str, Any], Sequence[Carrier]]]


def _configs(carried_by: Carried, stored: Stored) -> dict[str, list[Carrier]]:
    """The HelmChartConfigs for the Cilium chart by name."""
    configs: dict[str, list[Carrier]] = {}
    for file, _, carried in carried_by:
        for carrier in carried:
            if carrier.kind == CONFIG and is_for(CHART, carrier, file, stored, is_ciliums):
                configs.setdefault(carrier.hints[0], []).append(carrier)
    return configs


def _with_config(carrier: Carrier, configs: Mapping[str, Sequence[Carrier]]) -> Carrier:
    """A HelmChart with the layers of the HelmChartConfig of its name: on top of its values, below its flags."""
    if carrier.kind != "HelmChart":
        return carrier
    flags = [layer for layer in carrier.layers if layer.assignments]
    config = [
        replace(layer, path=f"{CONFIG} {config.name}: {layer.path}")
        for config in configs.get(carrier.hints[0], ())
        for layer in config.layers
    ]
    return replace(carrier, layers=(*(layer for layer in carrier.layers if layer not in flags), *config, *flags))


def _plain(document: Mapping[str, Any], file: str, aliases: frozenset[str], *, alone: bool) -> Iterator[UserValues]:
    """Plain values: of the chart, or of a chart around it; or nothing."""
    if "sops" in document and "ENC[" in str(document):
        cause = "is encrypted with SOPS"
        raise DashboardsError(file, cause=cause, fix="decrypt it: sops --decrypt FILE | ... -")
    values = {key: value for key, value in document.items() if key not in HEADERS}
    if any(HEADERS[key] for key in document if key in HEADERS) or computed_sections(values):
        notes = ("has all values, as of `helm get values --all`",)
        yield UserValues(without_defaults(values), file, notes=notes, unread=tuple(placeholders(values)))
        return
    below = [
        key for key, value in values.items() if isinstance(value, Mapping) and (key in aliases or is_ciliums(value))
    ]
    if below and not is_ciliums({key: value for key, value in values.items() if key not in below}):
        yield from (
            UserValues(values[key], file, below=(key,), unread=tuple(placeholders(values[key]))) for key in below
        )
    elif is_ciliums(values) or (alone and (not values or _may_be_ciliums(values))):
        yield UserValues(values, file, unread=tuple(placeholders(values)))


def _aliases(documents: Sequence[Mapping[str, Any]]) -> frozenset[str]:
    """The names that Chart.yaml files give the Cilium chart as a dependency."""
    return frozenset(
        str(item.get("alias") or item["name"])
        for document in documents
        if "kind" not in document and isinstance(document.get("dependencies"), list)
        for item in document["dependencies"]
        if isinstance(item, Mapping) and item.get("name") == CHART
    ) | {CHART}


def _what(document: Mapping[str, Any]) -> str:
    """A document in words: its kind and name, or its keys."""
    if not is_object(document):
        keys = ", ".join(sorted(str(key)[:40] for key in document)[:5]) or "none"
        return f"a document with the keys {keys}"
    metadata = document.get("metadata")
    name = metadata.get("name") if isinstance(metadata, Mapping) else None
    encrypted = ", encrypted with SOPS" if "sops" in document else ""
    return f"{document.get('kind', 'Kustomization')}{f' {name}' if name else ''}{encrypted}"


def _foreign(document: Mapping[str, Any], carried: Sequence[Carrier]) -> str:
    charts = dict.fromkeys(carrier.chart for carrier in carried if carrier.chart)
    return f"{_what(document)}{f' of the chart {chr(44).join(charts)}' if charts else ''}"


def _refuse(files: Sequence[InputFile], others: Sequence[str]) -> None:
    """Raise DashboardsError that names what the files hold instead of values."""
    names = files[0].name if len(files) == 1 else counted(len(files), "file")
    what = f"holds no values of the Cilium chart, but {some_of(others, 5)}"
    raise DashboardsError(names, cause=what if others else "holds no values of the Cilium chart", fix=FIX)
