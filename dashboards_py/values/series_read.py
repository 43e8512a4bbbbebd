"""The series that boards and alerts read, by the component that exposes them."""

from collections.abc import Iterable, Iterator

from dashboards_py import promql
from dashboards_py.board import Board
from dashboards_py.catalog import Release, entries, split
from dashboards_py.catalog.upstream import series_read_by_upstream
from dashboards_py.queries import ResolvedSelector, board_queries, resolve
from dashboards_py.values.keep import DOCTOR, Read, Selected
from dashboards_py.values.keys import core_components
from dashboards_py.values.relabelings import NAME

# Components by the names of metrics that the catalogue does not list: Envoy has more than it, and other releases.
PREFIXES = {
    "envoy_": ("cilium-envoy",),
    "hubble_": ("hubble", "hubble-relay"),
    "cilium_operator_": ("cilium-operator",),
    "cilium_": ("cilium-agent", "cilium-operator"),
}
UPSTREAM = "a board of upstream"
# What `doctor` asks to tell a feature that is off from one that is silent, and releases from one another.
DIAGNOSIS = {
    "cilium-agent": ("cilium_feature_.*", "cilium_version"),
    "cilium-operator": ("cilium_operator_feature_.*",),
}


def series_read(boards: Iterable[Board], release: Release, *, upstream: bool = False) -> Read:
    """The series that the boards read on a release; with `upstream` also those of upstream's boards."""
    names: dict[str, dict[str, dict[str, None]]] = {component.name: {} for component in core_components()}
    unknown: dict[tuple[str, str], None] = {}
    selected: dict[str, dict[Selected, None]] = {}
    for where, resolved in _selectors(boards, release, upstream):
        if why := _unknown(resolved):
            unknown[where, why] = None
        for component, series in _series(resolved, release):
            names.get(component, {}).setdefault(series, {})[where] = None
            if resolved.selector and resolved.name == series:
                selected.setdefault(component, {})[Selected(series, where, _as_data(resolved.selector.matchers))] = None
    for component, patterns in DIAGNOSIS.items():
        for pattern in patterns:
            names[component].setdefault(pattern, {})[DOCTOR] = None
    by_component = {
        component: {series: tuple(panels) for series, panels in sorted(own.items())} for component, own in names.items()
    }
    return Read(by_component, tuple(unknown), {component: tuple(own) for component, own in selected.items()})


def _selectors(boards: Iterable[Board], release: Release, upstream: bool) -> Iterator[tuple[str, ResolvedSelector]]:
    """Each selector with the panel that reads it."""
    for board in boards:
        for query in board_queries(board):
            for resolved in resolve(query.expr, release):
                yield f"{board.uid or board.title} / {query.where}", resolved
    for name in series_read_by_upstream() if upstream else ():
        yield from ((UPSTREAM, resolved) for resolved in resolve(name, release))


def _as_data(matchers: Iterable[promql.Matcher]) -> tuple[tuple[str, str, str], ...]:
    return tuple((matcher.label, matcher.op, matcher.value) for matcher in matchers)


def _series(resolved: ResolvedSelector, release: Release) -> Iterator[tuple[str, str]]:
    """The components and the names that a selector reads there, with the bare name of a histogram."""
    for pattern in _name_patterns(resolved):
        yield from ((component.name, pattern) for component in core_components())
    if not resolved.name or promql.has_variable(resolved.name):
        return
    if resolved.metrics:
        for metric in resolved.metrics:
            yield metric.component, resolved.name
            if metric.type_on(release) == "histogram":
                yield metric.component, split(resolved.name)[0]
    elif not entries(resolved.name):
        prefix = next((prefix for prefix in PREFIXES if resolved.name.startswith(prefix)), "")
        yield from ((component, resolved.name) for component in PREFIXES.get(prefix, ()))


def _name_patterns(resolved: ResolvedSelector) -> tuple[str, ...]:
    """The patterns by which a selector without a name chooses series, such as `{__name__=~"cilium_.*"}`."""
    if not resolved.selector or resolved.name:
        return ()
    matchers = [item for item in resolved.selector.matchers if item.label == NAME and item.op == "=~"]
    return tuple(f"(?:{item.value})" for item in matchers if not item.is_open and not item.problem)


def _unknown(resolved: ResolvedSelector) -> str:
    """The reason why a selector may read series of any name; "" if it does not."""
    if resolved.reason and not resolved.name:
        return resolved.reason
    if resolved.name:
        return "the name of its metric is known only to Grafana" if promql.has_variable(resolved.name) else ""
    return "" if _name_patterns(resolved) else "it selects series by other labels than their name"
