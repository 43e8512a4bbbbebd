"""A revision of a Helm release that an interrupted run overwrote, and what of it is not in effect any more."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from dashboards_py.cluster.record import Pending, Record
from dashboards_py.errors import ProblemsFound, Remedy
from dashboards_py.kubernetes.helm import Helm, HelmRelease, Revision
from dashboards_py.remedies import ACCEPT_OVERWRITTEN
from dashboards_py.values.keys import explicit_value, get_value

Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Overwritten:
    """Someone else's `revision` of a release (`namespace/name`), and its `lost` values, by dotted key, and chart.

    `last` is the release's revision now, and `is_ours` if the interrupted run made that one.
    """

    release: str
    revision: int
    lost: tuple[str, ...]
    last: int
    is_ours: bool

    @property
    def error(self) -> ProblemsFound:
        """The error that names the revision, and how to restore it."""
        namespace, _, name = self.release.partition("/")
        what = f"Helm release {self.release}"
        cause = f"someone else's revision {self.revision} was overwritten by an interrupted upgrade of ours"
        lost = f"not in effect any more: {', '.join(self.lost)}"
        if self.is_ours:
            fix = f"restore it: helm rollback {name} {self.revision} -n {namespace}, then run the command again"
            return ProblemsFound(what, cause=f"{cause}; {lost}", fix=fix)
        about = {"release": name, "namespace": namespace, "revision": str(self.revision)}
        cause = f"{cause}, and later ones up to {self.last} were made without it; {lost}"
        return ProblemsFound(what, cause=cause, remedy=Remedy(ACCEPT_OVERWRITTEN, about))


def previous_of(revision: Revision, release: HelmRelease, helm: Helm) -> Revision | None:
    """The revision before another; None if Helm no longer keeps it."""
    return next((other for other in helm.history(release) if other.number == revision.number - 1), None)


def overwritten(
    pending: Pending, record: Record, own: Revision, previous: Revision, release: HelmRelease, helm: Helm
) -> Overwritten | None:
    """What is lost of the previous revision; None if nothing is, or if what later upgrades set instead is their own."""
    previous_values, own_values = helm.values(release, previous.number), helm.values(release, own.number)
    now = helm.values(release)
    intended = _intended(pending, record)
    lost = [
        key
        for key in sorted(_changed_keys(previous_values, own_values))
        if get_value(now, key) == get_value(own_values, key)
        and not (key in intended and explicit_value(previous_values, key) == intended[key])
    ]
    last = helm.history(release)[-1]
    if previous.chart != own.chart and last.chart == own.chart:
        lost.append(f"chart {previous.chart}")
    if not lost:
        return None
    name = release.qualified_name
    return Overwritten(name, previous.number, tuple(lost), last.number, is_ours=last.number == own.number)


def with_previous_values(pending: Pending, previous_values: Values) -> Pending:
    """The operation as if it had begun on values that it was not planned on: `down` restores those.

    A value of ours that was set there already is not ours.
    """
    values = {
        key: (explicit_value(previous_values, key), value)
        for key, (_, value) in pending.values.items()
        if get_value(previous_values, key) != value
    }
    return replace(pending, values=values)


def _intended(pending: Pending, record: Record) -> dict[str, Any]:
    """The value that the operation expected to replace, by dotted key: a difference from that alone loses nothing."""
    recorded = record.values.get(pending.release, {})
    reverted = {key: recorded[key][1] for key in pending.reverted if key in recorded}
    return {**reverted, **{key: before for key, (before, _) in pending.values.items()}}


def _changed_keys(first: Any, second: Any, prefix: str = "") -> Iterator[str]:
    """The dotted keys whose values differ; lists are compared as a whole."""
    if isinstance(first, Mapping) and isinstance(second, Mapping):
        for name in first.keys() | second.keys():
            key = f"{prefix}.{name.replace('.', chr(92) + '.')}" if prefix else name.replace(".", chr(92) + ".")
            yield from _changed_keys(first.get(name, {}), second.get(name, {}), key)
    elif first != second:
        yield prefix
