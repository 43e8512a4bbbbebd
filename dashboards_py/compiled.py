"""A compiled board, its JSON text and data that is not part of it, and compiled alerts. Needs no compiler."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Omission:
    """A query that the compiler omitted on a release. `expr` is None if the panel itself was omitted."""

    board: str
    row: str
    panel: str
    expr: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class Compiled:
    """A board compiled for one release.

    `excuses` are the author's reasons for panels that break a rule of lint, by panel id and rule.
    """

    uid: str
    title: str
    folder: str
    json: str
    replaces: tuple[int, ...]
    omissions: tuple[Omission, ...]
    excuses: Mapping[int, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class CompiledAlert:
    """An alert for one release, as in a rule file; `uid`, `panel` and `panel_id` are those of the panel that
    shows it: its board, title and id.

    `classic_expr` is for servers that know no functions of native histograms, "" if the alert is about these.
    `levels` are the names of the limits that it compares with. Without a panel on the release `panel_id` is 0.
    """

    alert: str
    expr: str
    classic_expr: str
    hold: str
    keep_firing_for: str
    labels: Mapping[str, str]
    annotations: Mapping[str, str]
    uid: str
    panel: str
    panel_id: int
    levels: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CompiledGroup:
    """A group with the alerts that a release can answer."""

    name: str
    interval: str
    alerts: tuple[CompiledAlert, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CompiledRecording:
    """A recording rule: the series `record` has the values of `expr`, and `labels` in addition.

    `classic_expr` is for servers that know no native histograms, "" if the rule is about these.
    """

    record: str
    expr: str
    classic_expr: str
    labels: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingGroup:
    """A group of recording rules, in the order in which they are evaluated: a rule may read those before it."""

    name: str
    interval: str
    recordings: tuple[CompiledRecording, ...]


@dataclass(frozen=True, slots=True)
class RuleOmission:
    """An expression of an alert that a release lacks; `expr` is None if the alert itself was left out."""

    group: str
    alert: str
    expr: str | None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CompiledRules:
    """All groups, sorted by name, what was left out, and the recording rules if the boards read recorded series."""

    groups: tuple[CompiledGroup, ...]
    omissions: tuple[RuleOmission, ...]
    recording_groups: tuple[RecordingGroup, ...] = ()

    @property
    def recordings(self) -> tuple[CompiledRecording, ...]:
        """The recording rules of all groups."""
        return tuple(recording for group in self.recording_groups for recording in group.recordings)

    @property
    def alerts(self) -> tuple[CompiledAlert, ...]:
        """The alerts of all groups."""
        return tuple(alert for group in self.groups for alert in group.alerts)
