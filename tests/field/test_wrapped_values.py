"""Values in the documents that people keep them in: the same answer as for plain values."""

import base64
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result

from dashboards_py.catalog import RELEASES
from dashboards_py.cli import cli
from dashboards_py.cli._user_values import files_in
from dashboards_py.errors import DashboardsError, PartlyDone
from dashboards_py.values.assemble import InputFile
from dashboards_py.values.keys import get_value, merge_values
from dashboards_py.values.read import read_user_values
from tests.components import path_of
from tests.oracle.helm_keys import chart_file

FAULT = pytest.mark.fault("wrapped values are read as empty ones, and merging loses the user's own handlers")
VALUES: Mapping[str, Any] = {
    "prometheus": {"enabled": True, "serviceMonitor": {"enabled": True}},
    "hubble": {
        "metrics": {
            "serviceMonitor": {"enabled": True},
            "enabled": ["dns:query", "drop:sourceContext=pod;destinationContext=pod"],
        }
    },
}
TEXT = yaml.safe_dump(dict(VALUES))
NAMED = {"name": "cilium", "namespace": "kube-system"}


def manifest(kind: str, version: str, spec: Any, **more: Any) -> dict[str, Any]:
    """A Kubernetes object."""
    return {"apiVersion": version, "kind": kind, "metadata": dict(NAMED), "spec": spec, **more}


def flux(spec: Mapping[str, Any]) -> dict[str, Any]:
    """A HelmRelease of the chart."""
    return manifest("HelmRelease", "helm.toolkit.fluxcd.io/v2", {"chart": {"spec": {"chart": "cilium"}}, **spec})


def argo(helm: Mapping[str, Any], kind: str = "Application") -> dict[str, Any]:
    """An Application with one source, or an ApplicationSet with two."""
    source = {"chart": "cilium", "repoURL": "https://helm.cilium.io", "helm": dict(helm)}
    if kind == "Application":
        return manifest(kind, "argoproj.io/v1alpha1", {"source": source})
    spec = {"sources": [{"repoURL": "https://git.example.com/x", "ref": "values"}, source]}
    return manifest(kind, "argoproj.io/v1alpha1", {"generators": [], "template": {"spec": spec}})


def stored(kind: str, key: str = "values.yaml") -> dict[str, Any]:
    """A ConfigMap or Secret with the values."""
    content = TEXT if kind == "ConfigMap" else base64.b64encode(TEXT.encode()).decode()
    return {"apiVersion": "v1", "kind": kind, "metadata": {**NAMED, "name": "values"}, "data": {key: content}}


def reference(kind: str, **more: Any) -> dict[str, Any]:
    """A reference to the ConfigMap or Secret above."""
    return {"valuesFrom": [{"kind": kind, "name": "values", **more}]}


def k3s(kind: str, **spec: Any) -> dict[str, Any]:
    """A HelmChart or HelmChartConfig."""
    return manifest(kind, "helm.cattle.io/v1", spec)


HALF: tuple[dict[str, Any], dict[str, Any]] = ({"prometheus": VALUES["prometheus"]}, {"hubble": VALUES["hubble"]})
SET = [
    {"name": "prometheus.enabled", "value": "true"},
    {"name": "prometheus.serviceMonitor.enabled", "value": "true"},
    {"name": "hubble.metrics.serviceMonitor.enabled", "value": True},
    {"name": "hubble.metrics.enabled[0]", "value": "dns:query", "forceString": True},
    {"name": "hubble.metrics.enabled[1]", "value": "drop:sourceContext=pod;destinationContext=pod"},
]
# By name: the documents, and the path that findings name.
WRAPPED: Mapping[str, tuple[list[Any], str]] = {
    "HelmRelease": ([flux({"values": VALUES})], "HelmRelease kube-system/cilium: spec.values"),
    "HelmRelease by its name": (
        [manifest("HelmRelease", "helm.toolkit.fluxcd.io/v2beta2", {"chartRef": {"name": "oci"}, "values": VALUES})],
        "HelmRelease kube-system/cilium: spec.values",
    ),
    "HelmRelease and its ConfigMap": (
        [flux({**reference("ConfigMap"), "values": HALF[0]}), stored("ConfigMap")],
        "spec",
    ),
    "HelmRelease and its Secret": ([stored("Secret", "v"), flux(reference("Secret", valuesKey="v"))], "spec.values"),
    "HelmRelease without an optional Secret": (
        [flux({"valuesFrom": [{"kind": "Secret", "name": "x", "optional": True}], "values": VALUES})],
        "spec.values",
    ),
    "HelmRelease among others": (
        [
            manifest("HelmRelease", "helm.toolkit.fluxcd.io/v2", {"chart": {"spec": {"chart": "loki"}}}),
            flux({"values": VALUES}),
        ],
        "spec.values",
    ),
    "Application, valuesObject": (
        [argo({"valuesObject": VALUES})],
        "Application kube-system/cilium: spec.source.helm.valuesObject",
    ),
    "Application, values": ([argo({"values": TEXT})], "spec.source.helm.values"),
    "Application, both": ([argo({"values": "hubble: {enabled: false}", "valuesObject": VALUES})], "helm.valuesObject"),
    "Application, parameters": ([argo({"parameters": SET})], "spec.source.helm"),
    "ApplicationSet": ([argo({"values": TEXT}, "ApplicationSet")], "spec.template.spec.sources[1].helm.values"),
    "HelmChart": (
        [k3s("HelmChart", chart="cilium/cilium", valuesContent=TEXT)],
        "HelmChart kube-system/cilium: spec.valuesContent",
    ),
    "HelmChart and its HelmChartConfig": (
        [
            k3s("HelmChartConfig", valuesContent=yaml.safe_dump(HALF[1])),
            k3s("HelmChart", chart="https://x/cilium", valuesContent=yaml.safe_dump(HALF[0])),
        ],
        "HelmChart kube-system/cilium",
    ),
    "HelmChartConfig of RKE2": (
        [{**k3s("HelmChartConfig", valuesContent=TEXT), "metadata": {"name": "rke2-cilium"}}],
        "HelmChartConfig rke2-cilium: spec.valuesContent",
    ),
    "Kustomization": (
        [
            {
                "kind": "Kustomization",
                "apiVersion": "kustomize.config.k8s.io/v1beta1",
                "helmCharts": [{"name": "cilium", "valuesInline": VALUES}],
            }
        ],
        "Kustomization cilium: helmCharts[0].valuesInline",
    ),
    "kustomization without its kind": (
        [{"helmCharts": [{"name": "x"}, {"name": "cilium", "valuesInline": VALUES}]}],
        "helmCharts[1]",
    ),
    "ConfigMap": ([stored("ConfigMap")], "ConfigMap kube-system/values: data[values.yaml]"),
    "Secret": ([stored("Secret")], "Secret kube-system/values: data[values.yaml]"),
    "List": ([{"apiVersion": "v1", "kind": "List", "items": [stored("ConfigMap")]}], "ConfigMap kube-system/values"),
    "subchart": ([{"cilium": VALUES, "other": {"image": "x"}}], "cilium"),
    "subchart of another name": ([{"cni": VALUES, "global": {"a": 1}}], "cni"),
    "subchart of a Chart.yaml": (
        [
            {"apiVersion": "v2", "name": "net", "dependencies": [{"name": "cilium", "alias": "c"}]},
            {"c": VALUES},
        ],
        "c",
    ),
    "helm get values": ([{"USER-SUPPLIED VALUES": None, **VALUES}], ""),
    "Kustomization with a generated ConfigMap": (
        [{"namespace": "kube-system", "configMapGenerator": [{"name": "v", "literals": [f"values.yaml={TEXT}"]}]}],
        "ConfigMap kube-system/v: data[values.yaml]",
    ),
    "HelmRelease and its generated Secret": (
        [
            {"secretGenerator": [{"name": "values", "literals": [f"v='{TEXT}'"]}]},
            flux(reference("Secret", valuesKey="v")),
        ],
        "HelmRelease kube-system/cilium: spec.values",
    ),
}


def write(directory: Path, documents: list[Any]) -> Path:
    """A file with the documents."""
    path = directory / "mine.yaml"
    path.write_text(yaml.safe_dump_all(documents))
    return path


def run(path: Path, *args: str) -> Result:
    """`values` with a file, about one board."""
    return CliRunner().invoke(cli, ["values", *args, str(path), "--board", "hubble-dns"])


def panels(result: Result) -> list[str]:
    """The findings that name panels."""
    return [line for line in result.stdout.splitlines() if not line.endswith(":")]


@FAULT
@pytest.mark.parametrize(("documents", "path"), WRAPPED.values(), ids=WRAPPED)
def test_wrapped_values_are_answered_as_plain_ones(tmp_path: Path, documents: list[Any], path: str) -> None:
    """Check finds the same, and names document and path; merge keeps the user's options, and says where it belongs."""
    plain = run(write(tmp_path, [dict(VALUES)]), "--check")
    plain_merge = yaml.safe_load(run(tmp_path / "mine.yaml", "--merge-with").stdout)
    assert panels(plain)
    path_of_values = write(tmp_path, documents)
    checked = run(path_of_values, "--check")
    assert panels(checked) == panels(plain)
    if path:
        assert path in checked.stdout.splitlines()[0]
    merged = run(path_of_values, "--merge-with")
    printed = yaml.safe_load(merged.stdout)
    if path in ("cilium", "cni", "c"):
        assert list(printed) == [path]
        printed = printed[path]
    elif path:
        assert "These are plain values: they belong into" in merged.stdout
    assert printed == plain_merge
    assert "drop:sourceContext=pod;destinationContext=pod;labelsContext=" in merged.stdout


@FAULT
def test_upgrade_reads_wrapped_values(tmp_path: Path) -> None:
    """`upgrade --values` of a HelmRelease says the same as of its plain values."""
    values = {**VALUES, "enableCiliumEndpointSlice": True}
    outputs = [
        CliRunner().invoke(
            cli, ["upgrade", "hubble-dns", "--from", "1.16", "--values", str(write(tmp_path, [document])), "--json"]
        )
        for document in (values, flux({"values": values}))
    ]
    assert "enableCiliumEndpointSlice" in outputs[0].stdout
    assert outputs[0].stdout == outputs[1].stdout


@FAULT
@pytest.mark.parametrize("release", RELEASES, ids=str)
def test_all_values_of_a_release(tmp_path: Path, release: Any) -> None:
    """`helm get values --all` has the chart's defaults too, and is answered as the user's values alone."""
    path_of("charts")
    defaults = yaml.safe_load(chart_file(release, "values.yaml") or b"")
    args = ("--cilium", str(release), "--check")
    plain = run(write(tmp_path, [dict(VALUES)]), *args)
    plain_merge = yaml.safe_load(run(tmp_path / "mine.yaml", "--cilium", str(release), "--merge-with").stdout)
    computed = write(tmp_path, [merge_values(defaults, VALUES)])
    assert panels(run(computed, *args)) == panels(plain)
    merged = yaml.safe_load(run(computed, "--cilium", str(release), "--merge-with").stdout)
    for part in (plain_merge["prometheus"], plain_merge["hubble"]["metrics"]):
        del part["serviceMonitor"]["interval"]  # the chart's own, 10s, may be what the user wants
    assert merged == plain_merge


@FAULT
def test_a_directory(tmp_path: Path) -> None:
    """Each of several values is checked, each finding names its file; other documents are skipped."""
    (tmp_path / "a").mkdir()
    write(tmp_path / "a", [flux({"values": VALUES}), manifest("Deployment", "apps/v1", {})])
    (tmp_path / "kustomization.yaml").write_text("helmCharts: [{name: cilium, valuesFile: own.yaml}]")
    (tmp_path / "own.yaml").write_text("hubble: {enabled: false}")
    checked = run(tmp_path, "--check")
    heads = [line for line in checked.stdout.splitlines() if line.endswith(":")]
    assert [head.removeprefix(f"{tmp_path}/") for head in heads] == [
        "kustomization.yaml: Kustomization cilium: helmCharts[0].valuesInline:",
        "a/mine.yaml: HelmRelease kube-system/cilium: spec.values:",
    ]
    rows = json.loads(CliRunner().invoke(cli, ["values", "--check", str(tmp_path), "--json"]).stdout)
    assert {row["document"] for row in rows} == {"Kustomization cilium", "HelmRelease kube-system/cilium"}
    merged = run(tmp_path, "--merge-with")
    assert "holds values of the Cilium chart 2 times" in str(merged.exception)


def secret(_: Path) -> list[Any]:
    """A HelmRelease with values in a Secret that is elsewhere."""
    return [flux({**reference("Secret"), "values": VALUES})]


def files(_: Path) -> list[Any]:
    """An Application with files of another repository."""
    return [argo({"valueFiles": ["$values/cilium.yaml"]})]


@FAULT
@pytest.mark.parametrize(
    ("documents", "named"),
    [(secret, "Secret kube-system/values, key values.yaml"), (files, "file $values/cilium.yaml")],
    ids=["Secret", "files"],
)
def test_parts_that_are_elsewhere(tmp_path: Path, documents: Callable[[Path], list[Any]], named: str) -> None:
    """Check names them and is only partly done; merge refuses, as it could lose what is in them."""
    path = write(tmp_path, documents(tmp_path))
    checked = run(path, "--check")
    assert isinstance(checked.exception, PartlyDone)
    assert f"{named} is not in these files" in checked.stderr
    merged = run(path, "--merge-with")
    assert isinstance(merged.exception, DashboardsError)
    assert (merged.stdout, named in str(merged.exception)) == ("", True)


UNREADABLE: Mapping[str, tuple[Any, str]] = {
    "another object": (manifest("Deployment", "apps/v1", {}), "but Deployment cilium"),
    "another chart": (
        manifest("HelmRelease", "helm.toolkit.fluxcd.io/v2", {"chart": {"spec": {"chart": "loki"}}}),
        "but HelmRelease cilium of the chart loki",
    ),
    "the agent's configuration": (
        {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "cilium-config"}, "data": {"debug": "false"}},
        "but ConfigMap cilium-config",
    ),
    "an unknown kind": (
        manifest("ClusterProfile", "config.projectsveltos.io/v1beta1", {}),
        "but ClusterProfile cilium",
    ),
    "values of another chart": ({"alertmanager": {}, "grafana": {}}, "a document with the keys alertmanager, grafana"),
    "encrypted": ({"hubble": "ENC[AES256_GCM,data:x]", "sops": {"version": "3"}}, "is encrypted with SOPS"),
    "an encrypted Secret": (
        {**stored("Secret"), "stringData": {"values.yaml": "ENC[AES256_GCM,data:x]"}, "data": {}, "sops": {}},
        "but Secret values, encrypted with SOPS",
    ),
    "Talos": ({"cluster": {"inlineManifests": [], "network": {}}}, "a document with the keys cluster"),
    "Talos, all of it": ({"machine": {}, "cluster": {"id": "x", "secret": "", "clusterName": ""}}, "the keys cluster"),
    "a workflow of GitHub": ({"name": "x", "on": "push", "jobs": {}}, "a document with the keys jobs, name, on"),
    "Pulumi": ({"name": "x", "runtime": "yaml", "resources": {"cilium": {}}}, "the keys name, resources, runtime"),
    "the configuration of RKE2": ({"cni": "cilium", "tls-san": ["x"]}, "a document with the keys cni, tls-san"),
}


@FAULT
@pytest.mark.parametrize(("document", "cause"), UNREADABLE.values(), ids=UNREADABLE)
@pytest.mark.parametrize("mode", ["--check", "--merge-with"])
def test_what_holds_no_values_is_named(tmp_path: Path, document: Any, cause: str, mode: str) -> None:
    """Nothing is taken for empty values: the error says what the document is."""
    result = run(write(tmp_path, [document]), mode)
    assert isinstance(result.exception, DashboardsError)
    assert (result.exception.exit_code, cause in str(result.exception)) == (2, True), str(result.exception)


@FAULT
@pytest.mark.parametrize(
    "values",
    [
        {"cluster": {"name": "x", "id": 1}},
        {"prometheus": {"enabled": True}, "oprator": {}},
        {"resources": {"limits": {"cpu": 1}}},
        {"operator": {"replicas": 1}, "image": {"tag": "x"}, "debug": {"enabled": True}},
        {"cni": {"exclusive": False}},
        {"kubeProxyReplacement": "strict"},
    ],
    ids=lambda values: next(iter(values)),
)
def test_few_values_are_still_values(values: dict[str, Any]) -> None:
    """Keys that other charts and programs have, too, are read as values if what is below them is the chart's."""
    (user_values,) = read_user_values([InputFile("x.yaml", (values,))])
    assert user_values.values == values


# By name and content: what it is.
TEXTS = {
    "x.tf": ("values = [<<EOT\na: b: c\nEOT\n]", "is Terraform"),
    "x.jsonnet": ("local t = import 'x';\n{ a: t.b('x', {}) }", "is Jsonnet"),
    "x.ts": ("new Helm(this, 'c', {a: b: c});", "is a program"),
    "x.yml.j2": ("hubble:\n  enabled: {{ x }}", "is a template"),
    "x.yaml": ("{{- if .Values.x }}\nhubble: {}\n{{- end }}", "is a template"),
    "x.yaml.tpl": ("%{ if x ~}\nhubble: {}\n%{ endif ~}", "is a template"),
    "vault.yml": ("$ANSIBLE_VAULT;1.1;AES256\n6162", "is encrypted with Ansible Vault"),
    "age.yaml": ("-----BEGIN AGE ENCRYPTED FILE-----\nYWdl\n", "is encrypted with age"),
    "lfs.yaml": ("version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 1", "is a pointer of Git LFS"),
    "error.yaml": ("Error: release: not found", "is the error of a program"),
    "ytt.yaml": ("hubble:\n  enabled: #@ data.values.x", "is a template of ytt"),
    "html.yaml": ("<!DOCTYPE html>\n<html>", "is an HTML page"),
}


@pytest.mark.fault("templates, programs and encrypted files are called invalid YAML, or are read as empty values")
@pytest.mark.parametrize(("name", "text", "what"), [(name, *case) for name, case in TEXTS.items()], ids=TEXTS)
def test_other_texts_are_named(tmp_path: Path, name: str, text: str, what: str) -> None:
    """The error says what the file is, and what to do, whatever it was given as."""
    path = tmp_path / name
    path.write_text(text)
    for args in (("values", "--check"), ("lint",)):
        result = CliRunner().invoke(cli, [*args, str(path)])
        assert isinstance(result.exception, DashboardsError)
        assert (result.exception.exit_code, what in str(result.exception)) == (2, True), str(result.exception)


@FAULT
@pytest.mark.parametrize(
    ("values", "shown"),
    [
        ({"hubble": {"enabled": "${HUBBLE:=true}"}}, "hubble.enabled is ${HUBBLE:=true}, which"),
        ({"hubble": "{{ .Values.hubble }}"}, "hubble is {{ .Values.hubble }}, which"),
        ({"hubble": {"metrics": {"enabled": ["dns", "<path:a#b>"]}}}, "hubble.metrics.enabled is <path:a#b>, which"),
        ({"prometheus": {"enabled": "ENC[AES256_GCM,data:x]"}}, "prometheus.enabled is encrypted, which"),
    ],
)
def test_values_that_are_filled_in_later(tmp_path: Path, values: dict[str, Any], shown: str) -> None:
    """They are not known, so that check is only partly done, and merge refuses; others do not matter."""
    path = write(tmp_path, [{"k8sServiceHost": "${HOST}", **values}])
    assert isinstance(run(path, "--check").exception, PartlyDone)
    merged = run(path, "--merge-with")
    assert (merged.stdout, shown in str(merged.exception)) == ("", True), str(merged.exception)


@FAULT
def test_a_template_patch(tmp_path: Path) -> None:
    """An ApplicationSet's template may change the values for each cluster."""
    document = argo({"values": TEXT}, "ApplicationSet")
    document["spec"]["templatePatch"] = "spec:\n  source:\n    helm:\n      values: '{{ .x }}'"
    checked = run(write(tmp_path, [document]), "--check")
    assert "spec.templatePatch is a template, and may change the values" in str(checked.exception)


@FAULT
def test_values_that_kustomize_generates_a_config_map_of(tmp_path: Path) -> None:
    """The file is read once, as the values of the HelmRelease; encrypted ones are named."""
    (tmp_path / "helm-values.yaml").write_text(TEXT)
    generator = {"name": "values", "files": ["values.yaml=./helm-values.yaml"]}
    (tmp_path / "kustomization.yaml").write_text(yaml.safe_dump({"configMapGenerator": [generator]}))
    write(tmp_path, [flux({**reference("ConfigMap"), "values": {"k8sServicePort": 1}})])
    files, _ = files_in(tmp_path)
    (user_values,) = read_user_values(files)
    assert user_values.values == {**VALUES, "k8sServicePort": 1}
    secret = {**stored("Secret"), "data": {"values.yaml": "ENC[AES256_GCM,data:x]"}}
    encrypted = read_user_values([InputFile("x.yaml", (flux(reference("Secret")), secret))])
    assert "Secret kube-system/values, key values.yaml is encrypted with SOPS" in encrypted[0].unread[0]


@FAULT
def test_no_values_at_all(tmp_path: Path) -> None:
    """`helm get values` of a release without any prints null: these are empty values."""
    path = tmp_path / "mine.yaml"
    for text, warning in (("null\n", ""), ("USER-SUPPLIED VALUES:\nnull\n", ""), ("", f"{path}: is empty")):
        path.write_text(text)
        merged = run(path, "--merge-with")
        assert get_value(yaml.safe_load(merged.stdout), "hubble.metrics.enabled")
        assert warning in merged.stderr


def config_map(name: str, content: str, key: str = "values.yaml") -> dict[str, Any]:
    """A ConfigMap with one text."""
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {**NAMED, "name": name}, "data": {key: content}}


def from_config_map(name: str, **more: Any) -> dict[str, Any]:
    """An entry of `valuesFrom`."""
    return {"kind": "ConfigMap", "name": name, **more}


METRICS = "hubble.metrics.enabled"
INLINE = {"hubble": {"metrics": {"enabled": ["tcp"]}}}
# By name: the documents, and the handlers that the controller passes to Helm.
PRECEDENCE: Mapping[str, tuple[list[Any], Any]] = {
    "Flux: the inline values win": (
        [
            flux({"valuesFrom": [from_config_map("a")], "values": INLINE}),
            config_map("a", "hubble: {metrics: {enabled: [dns]}}"),
        ],
        ["tcp"],
    ),
    "Flux: a target wins, and is read as of --set": (
        [
            flux({"valuesFrom": [from_config_map("a", targetPath=METRICS)], "values": INLINE}),
            config_map("a", "{dns,drop}"),
        ],
        ["dns", "drop"],
    ),
    "Flux: a literal target": (
        [
            flux({"valuesFrom": [from_config_map("a", targetPath=f"{METRICS}[0]", literal=True)]}),
            config_map("a", "http:labelsContext=a,b;{x}"),
        ],
        ["http:labelsContext=a,b;{x}"],
    ),
    "Flux: quotes make text": (
        [flux({"valuesFrom": [from_config_map("a", targetPath=f"{METRICS}[0]")]}), config_map("a", "'true'")],
        ["true"],
    ),
    "Argo CD: an empty valuesObject hides values": (
        [argo({"values": yaml.safe_dump(INLINE), "valuesObject": {}})],
        None,
    ),
    "Argo CD: a brace without its end is no list": (
        [argo({"parameters": [{"name": f"{METRICS}[0]", "value": "a,b}"}]})],
        ["a,b}"],
    ),
    "k3s: a Secret without keys is not used": (
        [
            k3s("HelmChart", chart="cilium", valuesContent=yaml.safe_dump(INLINE), valuesSecrets=[{"name": "values"}]),
            stored("Secret"),
        ],
        ["tcp"],
    ),
    "k3s: a Secret wins over the content": (
        [
            k3s(
                "HelmChart",
                chart="https://helm.cilium.io/cilium-1.20.0.tgz",
                valuesContent=yaml.safe_dump(INLINE),
                valuesSecrets=[{"name": "values", "keys": ["values.yaml"]}],
            ),
            stored("Secret"),
        ],
        ["dns:query", "drop:sourceContext=pod;destinationContext=pod"],
    ),
    "k3s: flags of the HelmChart win over the HelmChartConfig": (
        [
            k3s("HelmChart", chart="cilium", set={f"{METRICS}[0]": "http:labelsContext=a,b"}),
            k3s("HelmChartConfig", valuesContent=yaml.safe_dump(INLINE)),
        ],
        ["http:labelsContext=a,b"],
    ),
    "Kustomize: without inline values the file is used": (
        [{"helmCharts": [{"name": "cilium", "valuesMerge": "replace", "valuesFile": "own.yaml"}]}],
        ["dns"],
    ),
}


@pytest.mark.fault("wrapped values are merged in another order than by Flux, Argo CD, k3s or Kustomize")
@pytest.mark.parametrize(("documents", "handlers"), PRECEDENCE.values(), ids=PRECEDENCE)
def test_precedence(documents: list[Any], handlers: Any) -> None:
    """Parts of values are merged as the controller that reads the document does."""
    file = InputFile("x.yaml", tuple(documents), {"own.yaml": b"hubble: {metrics: {enabled: [dns]}}"}.get)
    (user_values,) = (values for values in read_user_values([file]) if not values.document.startswith("Secret"))
    assert get_value(user_values.values, METRICS) == handlers


@pytest.mark.fault("wrapped values are merged in another order than by Flux, Argo CD, k3s or Kustomize")
def test_a_text_that_helm_refuses_is_not_shown() -> None:
    """The error names the reference and the key, not the text, which may be a secret."""
    release = flux({"valuesFrom": [from_config_map("a", targetPath=METRICS)]})
    file = InputFile("x.yaml", (release, config_map("a", "{secret")))
    with pytest.raises(DashboardsError) as raised:
        read_user_values([file])
    assert "secret" not in str(raised.value)
    assert f"ConfigMap kube-system/a, key values.yaml is no value that Helm takes for {METRICS}" in str(raised.value)
