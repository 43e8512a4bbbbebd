"""`python -m tests.oracle.helm_keys [--write]`: what differs between the values of the charts in CILIUM_CHARTS.

Written are catalog/helm_keys.json and helm_sections.json. What no chart knows is in the tables here: what a key is
called today, and with which the chart refuses to render. tests/live/test_helm_keys.py renders
the charts to prove it.
"""

import json
import os
import re
import sys
import tarfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from dashboards_py.catalog import RELEASES, Release
from dashboards_py.catalog.dump import canonical
from dashboards_py.catalog.helm_key import FILE, SECTIONS
from dashboards_py.documents.json import load_json
from dashboards_py.documents.limits import VALUES
from dashboards_py.documents.yaml import load_yaml

# Keys with which the newer chart refuses to render (templates/validate.yaml of 1.18 and 1.20), with the other values
# that it takes: those with which the key had an effect before.
OWN_CERTIFICATES = {"clustermesh": {"useAPIServer": True, "apiserver": {"tls": {"auto": {"enabled": False}}}}}
REFUSED: Mapping[str, Mapping[str, Any]] = {
    "enableCiliumEndpointSlice": {},
    "ciliumEndpointSlice.sliceMode": {},
    "clustermesh.apiserver.tls.admin.cert": OWN_CERTIFICATES,
    "clustermesh.apiserver.tls.remote.cert": OWN_CERTIFICATES,
    "clustermesh.apiserver.tls.server.cert": OWN_CERTIFICATES,
}
# What a removed key is called since: in the newer values.yaml it has the same comment, or the older one names it.
SUCCESSORS = {
    "clustermesh.enableMCSAPISupport": "clustermesh.mcsapi.enabled",
    "enableCiliumEndpointSlice": "ciliumEndpointSlice.enabled",
    "encryption.strictMode.allowRemoteNodeIdentities": "encryption.strictMode.egress.allowRemoteNodeIdentities",
    "encryption.strictMode.cidr": "encryption.strictMode.egress.cidr",
    "encryption.strictMode.enabled": "encryption.strictMode.egress.enabled",
}
# Another way to write the same: `action: replace` is what relabeling does by default.
SAME_MEANING = {
    "envoy.prometheus.serviceMonitor.relabelings",
    "hubble.metrics.serviceMonitor.relabelings",
    "prometheus.serviceMonitor.relabelings",
}
# Parts of names whose defaults change with every patch of a chart: images.
PATCHED = ("image.", "Image.", ".digest", ".tag", "imageDigest", "upgradeCompatibility")
# How templates read a value: by its path, by `hasKey` and `get` of what is above it, by `dig` of a path with a default.
PATH = re.compile(r"\.Values\.([\w.]*\w)")
MEMBER = re.compile(r'\b(?:hasKey|get)\s+\$?\.Values\.([\w.]*\w)\s+"(\w+)"')
DIG = re.compile(r'\bdig((?:\s+"\w+")+)\s+(?:\([^()]*\)|"[^"]*"|[\w.]+)\s+\$?\.Values((?:\.\w+)*)')
Leaves = Mapping[str, Any]


def chart_file(release: Release, name: str) -> bytes | None:
    """A file of the chart of a release, None if the directory has no chart of it."""
    for path in sorted(Path(os.environ["CILIUM_CHARTS"]).glob(f"cilium-{release}.*.tgz")):
        with tarfile.open(path) as chart:
            member = chart.extractfile(f"cilium/{name}")
            return member.read() if member else None
    return None


def templates(release: Release) -> str:
    """The texts of the templates that render, of a release's chart, "" if the directory has no chart of it."""
    for path in sorted(Path(os.environ["CILIUM_CHARTS"]).glob(f"cilium-{release}.*.tgz")):
        with tarfile.open(path) as chart:
            members = [member for member in chart.getmembers() if _is_template(member.name)]
            files = [file.read() for member in members if (file := chart.extractfile(member))]
            return b"\n".join(files).decode(errors="replace")
    return ""


def _is_template(name: str) -> bool:
    """Whether it renders something: what validate.yaml reads it refuses."""
    return name.startswith("cilium/templates/") and not name.endswith("/validate.yaml")


def keys_read(text: str) -> frozenset[str]:
    """The dotted keys of values that templates read, those of maps that they read from included."""
    members = {f"{parent}.{name}" for parent, name in MEMBER.findall(text)}
    dug = set()
    for names, above in DIG.findall(text):
        parents = above.removesuffix(".AsMap").split(".")[1:]
        dug.add(".".join([*parents, *re.findall(r"\w+", names)]))
    return frozenset({*PATH.findall(text), *members, *dug})


def leaves(tree: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, Any]]:
    """The values that are not maps, and empty maps, with their dotted keys."""
    for key, value in tree.items():
        dotted = f"{path}.{key}" if path else key
        if isinstance(value, dict) and value:
            yield from leaves(value, dotted)
        else:
            yield dotted, value


def types(schema: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, list[str]]]:
    """The types that values.schema.json allows for each key."""
    if path and "type" in schema:
        kinds = schema["type"]
        yield path, sorted([kinds] if isinstance(kinds, str) else kinds)
    for key, child in schema.get("properties", {}).items():
        yield from types(child, f"{path}.{key}" if path else key)


def has(known: Leaves, key: str) -> bool:
    """Whether a chart has the key: a value, a map with values, or a key below a map that users fill."""
    parts = key.split(".")
    above = (".".join(parts[:count]) for count in range(1, len(parts)))
    return (
        key in known
        or any(other.startswith(f"{key}.") for other in known)
        or any(known.get(parent) == {} for parent in above)
    )


def rows() -> list[dict[str, Any]]:
    """The lines of helm_keys.json for the charts that are there; only keys that differ between releases."""
    charts = {release: chart_file(release, "values.yaml") for release in RELEASES}
    values = {
        release: dict(leaves(load_yaml(text, str(release), VALUES).value)) for release, text in charts.items() if text
    }
    schemas = {
        release: dict(types(load_json(chart_file(release, "values.schema.json") or b"{}", str(release), VALUES).value))
        for release in values
    }
    read = {release: keys_read(templates(release)) for release in values}
    names = sorted({key for known in values.values() for key in known if not any(part in key for part in PATCHED)})
    return [row for key in names if len(row := _row(key, values, schemas, read)) > 1]


def _row(
    key: str,
    values: Mapping[Release, Leaves],
    schemas: Mapping[Release, Mapping[str, list[str]]],
    read: Mapping[Release, frozenset[str]],
) -> dict[str, Any]:
    releases = [release for release in values if has(values[release], key)]
    # Templates read what values.yaml has in a comment only, such as kubeProxyReplacement up to 1.17.
    releases = [
        release for release in values if release in releases or (release < releases[0] and key in read[release])
    ]
    row: dict[str, Any] = {"name": key}
    if releases[0] != next(iter(values)):
        row["since"] = str(releases[0])
    later = [release for release in values if release > releases[-1]]
    # What the newest chart still reads is not lost, such as hubble.export.fileMaxSizeMb, which it only warns of.
    if later and (key in REFUSED or key not in read[later[-1]]):
        row |= {"removed": str(later[0]), "refused": key in REFUSED, "use": SUCCESSORS.get(key, "")}
    defaults = {str(release): values[release][key] for release in releases if key in values[release]}
    if "removed" in row or (
        key not in SAME_MEANING and len({json.dumps(default) for default in defaults.values()}) > 1
    ):
        row["default"] = defaults
    kinds = {str(release): schemas[release][key] for release in releases if key in schemas[release]}
    if len({tuple(kind) for kind in kinds.values()}) > 1:
        row["types"] = kinds
    return row


# The parts of values.yaml of which all keys are listed; elsewhere only the keys at the top.
MONITORING = ("hubble", "prometheus", "operator.prometheus", "envoy.prometheus", "clustermesh.apiserver.metrics")


def sections() -> str:
    """The content of helm_sections.json, of all charts that are there: keys at the top of values.yaml, with the keys
    directly below them, and those below MONITORING, as far as they are not maps that users fill; these end with a dot.
    """
    charts = {release: chart_file(release, "values.yaml") for release in RELEASES}
    trees = [load_yaml(text, str(release), VALUES).value for release, text in charts.items() if text]
    names = {key for tree in trees for key in tree}
    inner = {name: {key for tree in trees if isinstance(tree.get(name), dict) for key in tree[name]} for name in names}
    lists = {"sections": sorted(names), **{f"sections.{name}": sorted(inner[name]) for name in sorted(names)}}
    below = {
        f"{key}." if value in (None, {}, []) else key
        for tree in trees
        for key, value in leaves(tree)
        if key.startswith(tuple(f"{part}." for part in MONITORING))
    }
    lists = {name: keys for name, keys in lists.items() if keys}
    return json.dumps({**lists, "monitoring": sorted(below)}, indent=0) + "\n"


def write() -> None:
    """Write both files by the charts that are there."""
    FILE.write_text(canonical(FILE.name, rows()), encoding="utf-8")
    SECTIONS.write_text(sections(), encoding="utf-8")


def main() -> int:
    """Exit code 1 if the file is not what the charts say."""
    if "--write" in sys.argv:
        write()
    return 0 if FILE.read_text(encoding="utf-8") == canonical(FILE.name, rows()) else 1


if __name__ == "__main__":
    sys.exit(main())
