"""The values of Cilium's release, and those that the boards need in addition."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path
from typing import Any

from dashboards_py.board.rules import board_of_alerts
from dashboards_py.catalog import Release
from dashboards_py.cluster.options import Options
from dashboards_py.cluster.our_boards import boards_read, compiled_rules
from dashboards_py.cluster.refuse import prometheus_of
from dashboards_py.cluster.state import State
from dashboards_py.configuration import Configuration
from dashboards_py.errors import ProblemsFound
from dashboards_py.kubernetes import Json
from dashboards_py.kubernetes.helm import HelmRelease
from dashboards_py.kubernetes.selectors import required_labels, selects
from dashboards_py.need import Need
from dashboards_py.needs import needs_of
from dashboards_py.values.handlers import Conflict
from dashboards_py.values.keep import keep_values
from dashboards_py.values.keys import core_components, get_value, merge_values, monitor, nested
from dashboards_py.values.merge import Selects, merge_needs
from dashboards_py.values.render import as_tree
from dashboards_py.values.series_read import series_read

KEPT = "boards and alerts read no other series"


@dataclass(frozen=True, slots=True)
class CiliumValues:
    """The values of Cilium's release (status `absent` if it is still to be installed).

    `required` are those that the boards need and the release does not have, by dotted key, with the `reasons`;
    `required_values` are the same as a tree, and `conflicts` are the user's values that conflict with ours.
    """

    release: HelmRelease
    user_values: Mapping[str, Any]
    required_values: Mapping[str, Any]
    required: Mapping[str, Any]
    reasons: Mapping[str, str]
    conflicts: tuple[Conflict, ...]

    @property
    def values(self) -> dict[str, Any]:
        """All values that the release gets."""
        return merge_values(self.user_values, self.required_values)


def cilium_values(state: State, options: Options, release: Release) -> CiliumValues:
    """The values that Cilium's release needs for the boards, and for the Prometheus that is to select its monitors."""
    prometheus = prometheus_of(state, options)
    if prometheus and prometheus.selector is None:
        cause = "has no serviceMonitorSelector, which selects nothing"
        fix = "set its serviceMonitorSelector: {} selects all"
        raise ProblemsFound(f"Prometheus {prometheus.qualified_name}", cause=cause, fix=fix)
    if prometheus:
        selector = prometheus.selector
    elif options.stack:
        selector = {"matchLabels": {"release": options.release}}
    else:
        selector = _selector_of_agents(state)
    labels = required_labels(selector)
    stack_values = state.values.get(options.qualified_release, {}) if options.stack else {}
    interval = get_value(stack_values, "prometheus.prometheusSpec.scrapeInterval") or options.interval
    values = merge(state, options, release, labels, partial(selects, selector), interval)
    return _keeping(values, options, release) if options.keep else values


@cache
def _needs(release: Release, configuration: Configuration, directory: Path | None) -> tuple[Need, ...]:
    return needs_of(boards_read(release, configuration, directory), release)


def _keeping(values: CiliumValues, options: Options, release: Release) -> CiliumValues:
    """The values with rules that drop what boards and alerts do not read, behind the user's own rules."""
    configuration = options.boards.with_our_labels
    alerts = board_of_alerts(compiled_rules(release, configuration, options.cache), with_panel=False)
    boards = [*boards_read(release, configuration, options.cache), alerts]
    kept = keep_values(series_read(boards, release, upstream=True), values.user_values)
    rules = {key: rule for key in _relabelings() if (rule := get_value(kept, key)) is not None}
    changed = {key: rule for key, rule in rules.items() if rule != get_value(values.user_values, key)}
    tree = values.required_values
    for key, rule in changed.items():
        tree = merge_values(tree, nested(key, rule))
    return replace(
        values,
        required_values=tree,
        required={**values.required, **changed},
        reasons={**values.reasons, **dict.fromkeys(changed, KEPT)},
    )


def _relabelings() -> tuple[str, ...]:
    return tuple(f"{monitor(component)}.metricRelabelings" for component in core_components())


def _selector_of_agents(state: State) -> Json:
    """The selector of the VMAgent that asks for the fewest labels; one of all if none is known to select any."""
    selectors = [agent.selector for agent in state.vm_agents if agent.selector is not None]
    return min(selectors, key=lambda selector: len(required_labels(selector)), default={})


def merge(
    state: State,
    options: Options,
    release: Release,
    labels: Mapping[str, str],
    selects: Selects,
    interval: str,
) -> CiliumValues:
    """The values that Cilium's release lacks; `labels` are for ServiceMonitors that are not selected."""
    helm = state.cilium or HelmRelease("cilium", "kube-system", "cilium", options.install_cilium, 0, "absent")
    user_values = state.values.get(helm.qualified_name, {})
    board_needs = _needs(release, options.boards.with_our_labels, options.cache)
    if options.embedded_envoy:
        board_needs = tuple(need for need in board_needs if need.metric.component != "cilium-envoy")
    items, conflicts = merge_needs(board_needs, user_values, release, labels=labels, interval=interval, selects=selects)
    tree = as_tree(items)
    reasons = {key: item[0].who if isinstance(item, tuple) else item.who for key, item in items.items()}
    return CiliumValues(helm, user_values, tree, {key: get_value(tree, key) for key in items}, reasons, conflicts)
