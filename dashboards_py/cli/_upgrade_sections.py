"""The report of an upgrade as sections of text, for a terminal and for Markdown."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dashboards_py.upgrade.change import Affected, Effect, Kind
from dashboards_py.upgrade.helm import KeyChange, KeyEffect
from dashboards_py.upgrade.report import BoardPlan, When

if TYPE_CHECKING:
    from dashboards_py.upgrade.report import Report


@dataclass(frozen=True, slots=True)
class Item:
    """What changes, what to do ("" for nothing), and where."""

    text: str
    fix: str = ""
    locations: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        """What changes, ready for what follows: the fix, or the locations."""
        text = self.text.rstrip(".")
        return f"{text}." if self.fix or not self.locations else f"{text}:"


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and its items; `is_fatal` if they say that something dies."""

    title: str
    items: tuple[Item, ...]
    is_fatal: bool = False


# The headings of changes, by effect and by what is affected; other kinds have the one of panels.
TITLES: dict[Effect, dict[Kind, str]] = {
    Effect.EMPTY: {
        Kind.PANEL: "Panels that go empty",
        Kind.ALERT: "Alerts that never fire again",
        Kind.RECORDING: "Recording rules that record nothing",
        Kind.VARIABLE: "Variables without values",
        Kind.ANNOTATION: "Annotations that show nothing",
    },
    Effect.CONSTANT: {
        Kind.PANEL: "Panels that show a constant, whatever happens",
        Kind.ALERT: "Alerts that always fire, or never, whatever happens",
    },
    Effect.PARTLY: {Kind.PANEL: "Panels that lose a query"},
    Effect.REDEPLOY: {Kind.PANEL: "Panels that need the board for {after}: there they read something else"},
    Effect.LEFT_OUT: {Kind.PANEL: "Panels that the board for {after} leaves out: Cilium has nothing for them"},
    Effect.SWITCH: {Kind.PANEL: "What must be enabled"},
    Effect.TYPE: {Kind.PANEL: "Other types"},
    Effect.LABELS: {Kind.PANEL: "Other labels"},
    Effect.VALUES: {Kind.PANEL: "Other values of labels"},
    Effect.MEANING: {Kind.PANEL: "Other meaning"},
    Effect.NOT_TOLD: {Kind.PANEL: "Not told: if these have data on {after} depends on which series there are"},
}
REMOVED_KEYS = {
    KeyEffect.REFUSED: "The chart of {after} refuses to render with",
    KeyEffect.IGNORED: "The chart of {after} does not read, and Helm does not report it",
}
WHEN = {
    When.ANY_TIME: "At any time: the JSON for {before} and the one for {after} work on both releases",
    When.KEEP: "Leave as they are: the same JSON works on both releases",
    When.BEFORE: "Before the upgrade: the JSON for {after} works on both releases, the one for {before} does not",
    When.AFTER: "After the upgrade: the JSON for {before} works on both releases, the one for {after} does not",
    When.DURING: "When most agents run {after}: no JSON of one release works on both (--write DIR has one that does)",
    When.CHANGE: "Change first: they lose panels on {after}",
}


def sections(report: "Report") -> Iterator[Section]:
    """The sections that have items, what dies first."""
    for effect, titles in TITLES.items():
        by_title: dict[str, list[Affected]] = {}
        for one in report.affected:
            if one.change.effect is effect:
                by_title.setdefault(titles.get(one.kind, titles[Kind.PANEL]), []).append(one)
        for title in dict.fromkeys(titles.values()):
            if title in by_title:
                shown = title.format(before=report.step.before, after=report.step.after)
                yield Section(shown, tuple(_items(by_title[title])), effect.is_fatal)
    if report.settings:
        items = tuple(Item(setting.text, "", setting.panels) for setting in report.settings)
        yield Section(f"New Helm values that our boards for {report.step.after} need", items)
    yield from _keys(report)
    if report.boards:
        yield Section("What to deploy when", tuple(_when(report)))
    if unread := tuple(Item(text) for text in _unread(report)):
        yield Section("Not read", unread)


def _items(affected: Iterable[Affected]) -> Iterator[Item]:
    """One item for each reason, those with most locations first."""
    locations: dict[tuple[str, str], dict[str, None]] = {}
    for one in affected:
        locations.setdefault((one.change.why, one.change.fix), {})[one.where] = None
    for (why, fix), where in sorted(locations.items(), key=lambda item: -len(item[1])):
        yield Item(why, fix, tuple(where))


def _keys(report: "Report") -> Iterator[Section]:
    """The user's keys one by one; without values all keys that go, in lists."""
    keys = [key for key in report.keys if key.effect.is_fatal]
    others = [key for key in report.keys if not key.effect.is_fatal]
    if keys and report.has_values:
        yield Section("Helm values of yours that are lost or refused", tuple(map(_key, keys)), is_fatal=True)
    elif keys:
        items = (
            Item(text.format(after=report.step.after), "", tuple(_named(keys, effect)))
            for effect, text in REMOVED_KEYS.items()
            if any(key.effect is effect for key in keys)
        )
        yield Section("Helm values that go (--values says which of them are yours)", tuple(items))
    if others:
        yield Section("Helm values with another default, or without effect", tuple(map(_key, others)))


def _named(keys: Iterable[KeyChange], effect: KeyEffect) -> Iterator[str]:
    return (f"{key.key}  {key.fix}".rstrip() for key in keys if key.effect is effect)


def _key(change: KeyChange) -> Item:
    return Item(f"{change.key}: {change.why}", change.fix)


def _when(report: "Report") -> Iterator[Item]:
    for when, text in WHEN.items():
        plans = [plan for plan in report.boards if plan.when is when]
        if plans:
            shown = text.format(before=report.step.before, after=report.step.after)
            yield Item(shown, "", tuple(_plan(plan, report) for plan in plans))


def _plan(plan: BoardPlan, report: "Report") -> str:
    """The board, and which panels lack data with which JSON while both releases run."""
    parts = []
    if plan.empty_until:
        where = f"on agents of {report.step.before} the JSON for {report.step.after} has less in"
        parts.append(f"{where} {_titles(plan.empty_until)}")
    if plan.empty_after:
        parts.append(f"on {report.step.after} the present JSON has less in {_titles(plan.empty_after)}")
    name = plan.changes.source or plan.changes.board.uid or plan.changes.board.title
    return f"{name}: {'; '.join(parts)}" if parts else name


def _titles(titles: tuple[str, ...]) -> str:
    return ", ".join(" ".join(title.split()) for title in titles)


def _unread(report: "Report") -> Iterator[str]:
    for plan in report.boards:
        for where in plan.changes.unread:
            yield f"{plan.changes.source or plan.changes.board.uid} / {' '.join(where.split())}: a query does not parse"
    for rules in report.rules:
        yield from (f"{rules.source} / {name}: the expression does not parse" for name in rules.unread)
