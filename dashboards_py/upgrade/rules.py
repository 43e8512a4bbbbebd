"""What an upgrade changes in alerting and recording rules."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from dashboards_py import promql
from dashboards_py.catalog import Release
from dashboards_py.documents.rule_files import Rule
from dashboards_py.documents.templates import labels_of_templates
from dashboards_py.promql import Outcome
from dashboards_py.queries import resolve
from dashboards_py.upgrade.change import Affected, Change, Effect, Kind, Step
from dashboards_py.upgrade.queries import query_changes
from dashboards_py.upgrade.reading import World, labels_of, read_on


@dataclass(frozen=True, slots=True)
class RuleFile:
    """The rules of a file."""

    source: str
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class RuleChanges:
    """What happens to the rules of a file; `unread` names those with an expression that cannot be read."""

    source: str
    affected: tuple[Affected, ...]
    alerts: int
    recordings: int
    unread: tuple[str, ...]


def recorded(files: Iterable[RuleFile], step: Step) -> World:
    """The recorded series that have no samples on one of the releases, with the reason.

    A series has none if no rule that records it can return anything; it may read other recorded series.
    """
    rules = [rule for file in files for rule in file.rules if not rule.is_alert]
    return World(recorded={release: _unrecorded(rules, release) for release in (step.before, step.after)})


def rule_changes(file: RuleFile, step: Step, world: World) -> RuleChanges:
    """The changes of the rules of a file, in the order written."""
    affected, unread = [], []
    world = replace(world, any_program=True)
    for rule in file.rules:
        result = query_changes(rule.expr, step, world)
        kind = Kind.ALERT if rule.is_alert else Kind.RECORDING
        if result is None and resolve(rule.expr, step.before):  # without a selector, as `vector(1)`, nothing changes
            unread.append(rule.name)
        changes = (*result.changes, *_template_changes(rule, step, world)) if result else ()
        affected += [Affected(file.source, rule.group, kind, rule.name, change) for change in changes]
    alerts = sum(rule.is_alert for rule in file.rules)
    return RuleChanges(
        file.source, tuple(dict.fromkeys(affected)), alerts, len(file.rules) - alerts, tuple(dict.fromkeys(unread))
    )


def _template_changes(rule: Rule, step: Step, world: World) -> Iterator[Change]:
    """Labels that templates of the alert name, and that its series have before and not afterwards."""
    named = labels_of_templates({**rule.labels, **rule.annotations})
    before, after = (read_on(rule.expr, release, world) for release in (step.before, step.after))
    if not named or before is None or after is None or after.outcome is not Outcome.DATA:
        return
    tree = promql.parse(rule.expr)
    old = promql.output_labels(tree, labels_of(before, step.before))
    new = promql.output_labels(tree, labels_of(after, step.after))
    for key, labels in named.items():
        lost = [label for label in labels if old is not None and new is not None and label in old - new]
        if lost:
            labels_lost = ", ".join(lost)
            why = f"{key} names {labels_lost}, which its series no longer have on {step.after}: nothing is left there"
            yield Change(Effect.LABELS, labels_lost, why, "Name another label, or none.")


def _unrecorded(rules: Sequence[Rule], release: Release) -> Mapping[str, str]:
    """The names that no rule can record on the release, with the reason of the first rule."""
    unrecorded: dict[str, str] = {}
    while True:
        reasons = {name: _reason(name, rules, _world(release, unrecorded), release) for name in _names(rules)}
        missing = {name: reason for name, reason in reasons.items() if reason}
        if missing.keys() == unrecorded.keys():
            return missing
        unrecorded = missing


def _world(release: Release, unrecorded: Mapping[str, str]) -> World:
    return World(recorded={release: unrecorded}, any_program=True)


def _names(rules: Sequence[Rule]) -> Iterable[str]:
    return dict.fromkeys(rule.name for rule in rules)


def _reason(name: str, rules: Sequence[Rule], world: World, release: Release) -> str:
    """Why no rule of that name can record anything on the release; "" if one can, or cannot be read."""
    reasons = []
    for rule in rules:
        if rule.name == name:
            reading = read_on(rule.expr, release, world)
            if reading is None or reading.outcome is not Outcome.NOTHING:
                return ""
            absence = next(iter(reading.absent.values()))
            reasons.append(f"the rule that records {name} returns nothing: {absence.why}")
    return reasons[0] if reasons else ""
