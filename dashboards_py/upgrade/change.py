"""What an upgrade changes, as values."""

from dataclasses import dataclass
from enum import StrEnum

from dashboards_py.catalog import Release


@dataclass(frozen=True, slots=True)
class Step:
    """An upgrade of Cilium, or a downgrade."""

    before: Release
    after: Release

    @property
    def is_downgrade(self) -> bool:
        """True if the release afterwards is the older one."""
        return self.after < self.before

    def __str__(self) -> str:
        return f"{self.before} to {self.after}"


class Effect(StrEnum):
    """What happens to a query, a panel or a rule; the first three mean that something dies."""

    EMPTY = "empty"  # a panel has no data, an alert never fires, a rule records nothing
    CONSTANT = "constant"  # it no longer depends on any series: a panel shows 0, an alert on absence always fires
    PARTLY = "loses a query"  # a panel of which another query goes on
    REDEPLOY = "other query"  # a panel of ours that reads something else on the board compiled for the release
    LEFT_OUT = "left out"  # a panel of ours that the release has no data for, and that its board leaves out
    SWITCH = "must be enabled"  # the release leaves it out by default, or another Helm value enables it
    TYPE = "type"
    LABELS = "labels"
    VALUES = "values"
    MEANING = "meaning"
    NOT_TOLD = "not told"  # it may have data or none: that depends on which series there are

    @property
    def is_fatal(self) -> bool:
        """True if something that had data has none afterwards."""
        return self in (Effect.EMPTY, Effect.CONSTANT, Effect.PARTLY)


class Kind(StrEnum):
    """What is affected."""

    PANEL = "panel"
    VARIABLE = "variable"
    ANNOTATION = "annotation"
    ALERT = "alert"
    RECORDING = "recording rule"


@dataclass(frozen=True, slots=True)
class Change:
    """One change, with the reason and what to do; `what` is the metric, or the label or variable, that it is about.

    `fix` is "" if nothing replaces what is gone.
    """

    effect: Effect
    what: str
    why: str
    fix: str = ""


@dataclass(frozen=True, slots=True)
class Affected:
    """A change and where it happens.

    `source` is the file, "" for a board of ours; `group` is the board's uid or title, or the group of a rule, `name`
    the title of the panel or the name of the variable, annotation or rule.
    """

    source: str
    group: str
    kind: Kind
    name: str
    change: Change

    @property
    def where(self) -> str:
        """The board or file, and the part of it."""
        name = " ".join(self.name.split()) or "(no title)"
        return f"{self.source or self.group} / {name if self.kind is Kind.PANEL else f'{self.kind} {name}'}"
