"""Whether a release came from the chart that an upgrade would use: mirrors and forks reuse version numbers."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from dashboards_py.cluster.compare import MISSING
from dashboards_py.cluster.drift import ObjectKey
from dashboards_py.errors import ProblemsFound, Remedy
from dashboards_py.kubernetes import Json
from dashboards_py.kubernetes.helm import HelmRelease
from dashboards_py.plural import some_of
from dashboards_py.remedies import REPLACE_CHART

# Stands for what a chart looks up in the cluster when it is installed, which `helm template` cannot do.
LOOKED_UP_PLACEHOLDER = "looked-up"
# Charts render differently for versions of Kubernetes, and a release may be older than its cluster's last upgrade.
OLDER_KUBERNETES = ("v1.32.0", "v1.29.0", "v1.26.0")
Render = Callable[[str], Sequence[Json]]  # of a version of Kubernetes
Path = tuple[str | int, ...]


def foreign_objects(
    manifest: Sequence[Json], first: Sequence[Json], render: Render, kubernetes: str
) -> tuple[str, ...]:
    """The objects of a release that differ from what the chart renders with the release's own values (`first`).

    Differences between two renderings are random (certificates, passwords) and do not count.
    """
    if not _differing(manifest, first, {}):
        return ()
    random = _random(first, render(kubernetes))
    differing = _differing(manifest, first, random)
    older = (_differing(manifest, render(version), random) for version in OLDER_KUBERNETES)
    return () if not differing or any(not remaining for remaining in older) else differing


def refuse_foreign_chart(release: HelmRelease, foreign: Sequence[str], source: str) -> None:
    """Raise ProblemsFound if an upgrade would use another chart than the installed one."""
    if not foreign:
        return
    shown = some_of(foreign, 5)
    about = {"chart": release.chart, "version": release.version}
    # `helm upgrade --reuse-values` takes what the release had for the chart's defaults: a new version's defaults, or a
    # value set to null, do not take effect then, and `helm get values` does not show it.
    raise ProblemsFound(
        f"chart {release.chart} {release.version} of {release.namespace}/{release.name}",
        cause=f"is not the one from {source}, which renders differently with the same values: {shown}; the release "
        "came from another source, or was upgraded with --reuse-values over other defaults (helm get values --all)",
        remedy=Remedy(REPLACE_CHART, about),
    )


def _differing(manifest: Sequence[Json], rendering: Sequence[Json], random: Mapping[Any, set[Path]]) -> tuple[str, ...]:
    installed = {ObjectKey.of(body): _without_blanks(body) for body in manifest if not _is_hook(body)}
    rendered = {ObjectKey.of(body): _without_blanks(body) for body in rendering if not _is_hook(body)}
    names = []
    for key in sorted({*installed, *rendered}):
        old, new = installed.get(key, MISSING), rendered.get(key, MISSING)
        if old is MISSING:
            names.append(f"{key} (not in the release)")
        elif new is MISSING:
            names.append(f"{key} (only in the release)")
        elif any(path not in random.get(key, ()) for path in _paths(old, new)):
            names.append(str(key))
    return tuple(names)


def _random(first_rendering: Sequence[Json], second_rendering: Sequence[Json]) -> dict[Any, set[Path]]:
    first, second = (
        {ObjectKey.of(body): _without_blanks(body) for body in side} for side in (first_rendering, second_rendering)
    )
    return {key: set(_paths(first[key], second[key])) for key in first.keys() & second.keys()}


def _without_blanks(value: Any) -> Any:
    """A value without blanks: keys whose value is null or "", flags that end with "=".

    Where a chart's default is null, Helm 3.17 renders a blank and Helm 4.3 nothing, seen with cilium 1.20.0: the key
    `debug-verbose` of cilium-config, the flag `--k8s-api-server-urls=`. A release may have been installed with either.
    """
    if isinstance(value, Mapping):
        return {key: _without_blanks(inner) for key, inner in value.items() if inner is not None and inner != ""}
    if isinstance(value, list):
        return [_without_blanks(inner) for inner in value if not (isinstance(inner, str) and inner.endswith("="))]
    return value


def _paths(installed: Any, rendered: Any, path: Path = ()) -> Iterator[Path]:
    """The paths at which two objects differ, except for what was looked up in the cluster."""
    if isinstance(installed, Mapping) and isinstance(rendered, Mapping):
        for key in {*installed, *rendered}:
            yield from _paths(installed.get(key, MISSING), rendered.get(key, MISSING), (*path, key))
    elif isinstance(installed, list) and isinstance(rendered, list) and len(installed) == len(rendered):
        for index, (one, other) in enumerate(zip(installed, rendered, strict=True)):
            yield from _paths(one, other, (*path, index))
    elif installed != rendered and not (isinstance(rendered, str) and LOOKED_UP_PLACEHOLDER in rendered):
        yield path


def _is_hook(body: Json) -> bool:
    """Whether it is a hook: Helm keeps these apart from the manifest, but `helm template` prints them with it."""
    return "helm.sh/hook" in (body["metadata"].get("annotations") or {})
