"""Removing our values from a release that `up` did not install."""

from collections.abc import Iterator, Mapping
from typing import Any

from dashboards_py.cluster.charts import Charts
from dashboards_py.cluster.options import Options
from dashboards_py.cluster.state import State
from dashboards_py.cluster.steps.helm_upgrade import RevertValues
from dashboards_py.cluster.steps.step import Step
from dashboards_py.cluster.upgrade import overwritten, prepare_upgrade
from dashboards_py.kubernetes.helm import HelmRelease
from dashboards_py.values.keys import get_value, merge_values, nested, remove_key


def revert_steps(state: State, options: Options, charts: Charts, release: HelmRelease) -> Iterator[Step]:
    """Remove our values from the release and restore the previous ones; values that the user changed since are kept.

    If the last upgrade failed, our values may still be in effect although that revision no longer has them: the release
    is upgraded in any case.
    """
    current = state.values.get(release.qualified_name, {})
    recorded = state.record.values[release.qualified_name]
    values, kept, reverted = dict(current), [], []
    for key, (before, value) in recorded.items():
        if get_value(current, key) == value:
            values = _restored(remove_key(values, key), key, before)
            reverted.append(f"{key}: {'not set' if before is None else before}")
        elif get_value(current, key) != before:
            kept.append(f"left as it is now: {key}")
    failed = release.status != "deployed"
    if not reverted and not failed:
        return
    rendered = prepare_upgrade(state, options, charts, release, values)
    again = f"its last upgrade (revision {release.revision}) failed: it is repeated"
    yield RevertValues(
        release=release,
        expected_values=current,
        values=values,
        keys=tuple(recorded),
        timeout=options.timeout,
        force=options.take_over,
        edits=rendered.seen,
        rendered=rendered.after,
        details=(*reverted, *kept, *((again,) if failed else ()), *overwritten(rendered.edits)),
    )


def _restored(values: Mapping[str, Any], key: str, value: Any) -> dict[str, Any]:
    """The values with the previous value restored at a dotted key; None removes the key."""
    if value is None:
        return dict(values)
    return merge_values(values, nested(key, value))
