"""Read a user's values of a chart in whatever document they are: plain, or in an object of Flux, Argo CD, k3s ..."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from os.path import normpath
from pathlib import PurePath
from typing import Any

from dashboards_py.catalog.helm_key import helm_sections
from dashboards_py.documents.value_formats import Carrier, Reference, carriers
from dashboards_py.documents.value_formats.config_map import contents
from dashboards_py.documents.yaml import load_yaml
from dashboards_py.errors import DashboardsError
from dashboards_py.values import helm_set
from dashboards_py.values.computed import HEADERS, computed_sections, without_defaults
from dashboards_py.values.keys import merge_values

CHART, CONFIG = "cilium", "HelmChartConfig"
QUOTES = "'\""
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
# `load_file` reads a file that a document names, relative to it; None if there is none.
LoadFile = Callable[[str], bytes | None]


@dataclass(frozen=True, slots=True)
class InputFile:
    """A file with the values of its documents; `load_file` reads what it names."""

    name: str
    documents: tuple[Any, ...]
    load_file: LoadFile = field(default=lambda _: None, compare=False)


@dataclass(frozen=True, slots=True)
class UserValues:
    """Values of a chart, with the file, the document in it (kind and name) and the path in that.

    `below` are keys of a chart around it, below which the values are. `unread` names parts that are elsewhere and are
    not known, `notes` are about anomalies.
    """

    values: Mapping[str, Any]
    file: str
    document: str = ""
    path: str = ""
    below: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def where(self) -> str:
        """File, document and path."""
        return ": ".join(filter(None, (self.file, self.document, self.path or ".".join(self.below))))


def read_user_values(files: Sequence[InputFile]) -> tuple[UserValues, ...]:
    """The values of the Cilium chart in these files, in reading order.

    Raises DashboardsError if there are none, with what the files hold instead.
    """
    objects = [(file, document) for file in files for document in _documents(file)]
    stored = _Stored([document for _, document in objects])
    aliases = _aliases([document for _, document in objects])
    user_values: list[UserValues] = []
    others: dict[str, None] = {}
    configs = _configs(objects, stored)
    charts = _charts(objects)
    for file, document in objects:
        carried = list(carriers(document))
        own = [carrier for carrier in carried if _is_ciliums(carrier, stored, file)]
        own = [carrier for carrier in own if carrier.kind != CONFIG or carrier.hints[0] not in charts]
        user_values += [_assembled(_with_config(carrier, configs), file, stored) for carrier in own]
        if not own and not is_object(document):
            user_values += _plain(document, file.name, aliases, alone=len(objects) == 1)
        if not own:
            others[_foreign(document, carried)] = None
    user_values = _without_referenced(user_values, stored)
    if not user_values:
        _refuse(files, [other for other in others if other])
    return tuple(user_values)


def _documents(file: InputFile) -> Iterator[Mapping[str, Any]]:
    """The maps in a file; the items of a List are documents of their own."""
    for document in file.documents:
        if isinstance(document, Mapping) and is_object(document) and str(document.get("kind")).endswith("List"):
            items = document.get("items")
            yield from (item for item in (items if isinstance(items, list) else ()) if isinstance(item, Mapping))
        elif isinstance(document, Mapping):
            yield document


def is_object(document: Mapping[str, Any]) -> bool:
    """True for a Kubernetes object, and for a kustomization without its kind."""
    return ("kind" in document and "apiVersion" in document) or isinstance(document.get("helmCharts"), list)


def is_ciliums(values: Mapping[str, Any]) -> bool:
    """True if values have a key that only the Cilium chart has."""
    return bool((helm_sections() - COMMON) & values.keys())


class _Stored:
    """The ConfigMaps and Secrets of the files, and which of them were referred to."""

    def __init__(self, documents: Sequence[Mapping[str, Any]]) -> None:
        self.used: set[str] = set()
        self._contents: dict[tuple[str, str], list[tuple[str, dict[str, str]]]] = {}
        for document in documents:
            if document.get("kind") in ("ConfigMap", "Secret"):
                metadata = document.get("metadata")
                metadata = metadata if isinstance(metadata, Mapping) else {}
                key = (str(document["kind"]), str(metadata.get("name", "")))
                self._contents.setdefault(key, []).append((str(metadata.get("namespace") or ""), contents(document)))

    def text(self, reference: Reference, file: InputFile) -> str | None:
        """The text that a reference in a file names; None if it is in none of the files."""
        if reference.kind == "file":
            content = file.load_file(reference.name)
            if content is None:
                return None
            self.used.add(normpath(PurePath(file.name).parent / reference.name))
            return content.decode("utf-8", errors="replace")
        for namespace, texts in self._contents.get((reference.kind, reference.name), ()):
            if not namespace or not reference.namespace or namespace == reference.namespace:
                self.used.add(f"{reference.kind} {f'{namespace}/' if namespace else ''}{reference.name}")
                return texts.get(reference.key)
        return None


def _is_ciliums(carrier: Carrier, stored: _Stored, file: InputFile) -> bool:
    """True if a carrier is for the Cilium chart: by the chart's name, or else by other names or the values."""
    if carrier.chart:
        return carrier.chart == CHART
    if carrier.kind not in ("ConfigMap", "Secret") and any(CHART in hint for hint in carrier.hints):
        return True
    try:
        return is_ciliums(_assembled(carrier, file, stored).values)
    except DashboardsError:
        return False


def _assembled(carrier: Carrier, file: InputFile, stored: _Stored) -> UserValues:
    """The values of a carrier: its layers, merged in their order."""
    values: dict[str, Any] = {}
    unread: list[str] = []
    notes: list[str] = []
    document = f"{carrier.kind} {carrier.name}"
    for layer in carrier.layers:
        name = f"{file.name}: {document}: {layer.path}"
        reference = layer.reference
        text = stored.text(reference, file) if reference else layer.text
        if reference and text is None:
            if not reference.optional:
                unread.append(f"{layer.path}: {reference} is not in these files")
            continue
        if reference and reference.target:
            values = _with_target(values, reference, text or "", name)
            continue
        if layer.assignments:
            values = helm_set.apply(values, **layer.assignments)
            continue
        more, layer_notes = _parsed(text, name) if text is not None else (layer.values or {}, ())
        notes += layer_notes
        values = merge_values(values, more)
    path = carrier.path if carrier.kind not in ("ConfigMap", "Secret") else carrier.layers[0].path
    return UserValues(values, file.name, document, path, unread=tuple(unread), notes=tuple(notes))


def _parsed(text: str, name: str) -> tuple[Mapping[str, Any], tuple[str, ...]]:
    """A YAML text that must be a map, or empty."""
    document = load_yaml(text, name)
    if document.value is None:
        return {}, ()
    if not isinstance(document.value, Mapping):
        raise DashboardsError(name, cause="holds no values of a chart, but another YAML value")
    return document.value, document.notes


def _with_target(values: dict[str, Any], reference: Reference, text: str, name: str) -> dict[str, Any]:
    """The values with a stored text at the reference's target.

    Flux passes text in quotes as of `--set-string` (ReplacePathValue() in fluxcd/pkg/chartutil). Errors do not show the
    text: it may be a secret.
    """
    quoted = text[:1] == text[-1:] and text[:1] in ("'", '"')
    try:
        if reference.literal:
            return helm_set.apply(values, set_json=[f"{reference.target}={json.dumps(text)}"])
        if quoted:
            return helm_set.apply(values, set_string=[f"{reference.target}={text.strip(QUOTES)}"])
        return helm_set.apply(values, set=[f"{reference.target}={text}"])
    except DashboardsError:
        cause = f"{reference} is no value that Helm takes for {reference.target}"
        raise DashboardsError(name, cause=cause, fix=helm_set.ESCAPE) from None


def _configs(objects: Sequence[tuple[InputFile, Mapping[str, Any]]], stored: _Stored) -> dict[str, list[Carrier]]:
    """The HelmChartConfigs for the Cilium chart by name."""
    configs: dict[str, list[Carrier]] = {}
    for file, document in objects:
        for carrier in carriers(document):
            if carrier.kind == CONFIG and _is_ciliums(carrier, stored, file):
                configs.setdefault(carrier.hints[0], []).append(carrier)
    return configs


def _charts(objects: Sequence[tuple[InputFile, Mapping[str, Any]]]) -> set[str]:
    """The names of the HelmCharts."""
    return {
        carrier.hints[0] for _, document in objects for carrier in carriers(document) if carrier.kind == "HelmChart"
    }


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


def _without_referenced(user_values: Sequence[UserValues], stored: _Stored) -> list[UserValues]:
    """Without files, ConfigMaps and Secrets that are part of others' values."""
    return [values for values in user_values if (values.document or normpath(values.file)) not in stored.used]


def _plain(document: Mapping[str, Any], file: str, aliases: frozenset[str], *, alone: bool) -> Iterator[UserValues]:
    """Plain values: of the chart, or of a chart around it; or nothing."""
    if "sops" in document and "ENC[" in str(document):
        cause = "is encrypted with SOPS"
        raise DashboardsError(file, cause=cause, fix="decrypt it: sops --decrypt FILE | ... -")
    values = {key: value for key, value in document.items() if key not in HEADERS}
    if any(HEADERS[key] for key in document if key in HEADERS) or computed_sections(values):
        yield UserValues(without_defaults(values), file, notes=("has all values, as of `helm get values --all`",))
        return
    below = [
        key for key, value in values.items() if isinstance(value, Mapping) and (key in aliases or is_ciliums(value))
    ]
    if below and not is_ciliums({key: value for key, value in values.items() if key not in below}):
        yield from (UserValues(values[key], file, below=(key,)) for key in below)
    elif is_ciliums(values) or (alone and (not values or helm_sections() & values.keys())):
        yield UserValues(values, file)


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
    return f"{document.get('kind', 'Kustomization')}{f' {name}' if name else ''}"


def _foreign(document: Mapping[str, Any], carried: Sequence[Carrier]) -> str:
    charts = dict.fromkeys(carrier.chart for carrier in carried if carrier.chart)
    return f"{_what(document)}{f' of the chart {chr(44).join(charts)}' if charts else ''}"


def _refuse(files: Sequence[InputFile], others: Sequence[str]) -> None:
    """Raise DashboardsError that names what the files hold instead of values."""
    names = files[0].name if len(files) == 1 else f"{len(files)} files"
    more = f" and {len(others) - 5} more" if len(others) > 5 else ""
    what = f"holds no values of the Cilium chart, but {', '.join(others[:5])}{more}"
    raise DashboardsError(names, cause=what if others else "holds no values of the Cilium chart", fix=FIX)
