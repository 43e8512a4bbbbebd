"""What an upgrade changes in the values of the Cilium chart."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from dashboards_py.catalog import Release, entries, names
from dashboards_py.catalog.helm_key import HelmKey, helm_keys
from dashboards_py.upgrade.change import Step
from dashboards_py.values.handler_problems import ALL, HandlerProblem, handler_problems
from dashboards_py.values.hubble_metrics import hubble_metrics
from dashboards_py.values.keys import METRICS, Values, string_list

REMOVE = ": remove it"  # how a problem of what is not known ends
QUOTES = "'\""
LONGEST = 60  # characters of a default that are shown


class KeyEffect(StrEnum):
    """What happens to a key; the first three lose a user's setting, or stop the upgrade."""

    REFUSED = "refused"  # the chart does not render with it
    TYPE = "wrong type"  # Helm refuses the value: values.schema.json allows another type
    IGNORED = "ignored"  # the chart does not read it
    UNSET = "can be removed"  # the chart does not read it, and it holds the old default
    DEFAULT = "new default"

    @property
    def is_fatal(self) -> bool:
        """True if a setting of the user is lost or stops the upgrade."""
        return self in (KeyEffect.REFUSED, KeyEffect.TYPE, KeyEffect.IGNORED)


@dataclass(frozen=True, slots=True)
class KeyChange:
    """A key that changes, with the reason and what to do."""

    key: str
    effect: KeyEffect
    why: str
    fix: str = ""


def key_changes(values: Values | None, step: Step) -> tuple[KeyChange, ...]:
    """The changes that concern the user's values; without values (None) every key that goes, and every new default.

    A new default concerns users who have not set the key.
    """
    changes = []
    for key in helm_keys().values():
        changes += list(_removed(key, values, step))
        changes += list(_default(key, values, step))
        changes += list(_types(key, values, step))
    changes += [*_handlers(values or {}, step), *_listed(values or {}, step)]
    order = list(KeyEffect)
    return tuple(sorted(changes, key=lambda change: (order.index(change.effect), change.key)))


def _removed(key: HelmKey, values: Values | None, step: Step) -> Iterator[KeyChange]:
    if not key.exists_on(step.before) or key.exists_on(step.after):
        return
    successor = _successor(key, step)
    fix = f"Set {successor} instead." if successor else ""
    went = f"not in the chart before {key.since}" if step.is_downgrade else f"removed in {key.removed}"
    if values is None:
        if not step.is_downgrade:  # a downgrade lacks what later releases added: only what is set matters
            effect = KeyEffect.REFUSED if key.refused else KeyEffect.IGNORED
            yield KeyChange(key.name, effect, _sentence(went, effect, step), fix)
        return
    for value in _user_value(values, key.name):
        is_default = key.default is not None and value == key.default.on(step.before)
        if key.refused and value and not step.is_downgrade:
            yield KeyChange(key.name, KeyEffect.REFUSED, _sentence(went, KeyEffect.REFUSED, step), fix or "Remove it.")
        elif is_default or value in (None, False, "", [], {}):
            yield KeyChange(key.name, KeyEffect.UNSET, f"{went}; the value does nothing", "Remove it.")
        else:
            yield KeyChange(key.name, KeyEffect.IGNORED, _sentence(went, KeyEffect.IGNORED, step), fix or "Remove it.")


def _handlers(values: Values, step: Step) -> Iterator[KeyChange]:
    """Problems of Hubble's handlers, static or dynamic, which the release before does not have, or not as severely."""
    known = {_subject(problem, step.before): problem for problem in handler_problems(values, step.before)}
    key = hubble_metrics(values, step.after).key
    for problem in handler_problems(values, step.after):
        before = known.get(_subject(problem, step.after))
        if before is None or (problem.stops == ALL and before.stops != ALL):
            why, remove, _ = problem.text.removeprefix(f"{key}: ").partition(REMOVE)
            fix = f"Remove {why.partition(' is not ')[0].strip(QUOTES)}." if remove else ""
            yield KeyChange(key, KeyEffect.IGNORED, why, fix)


def _subject(problem: HandlerProblem, release: Release) -> str:
    """What a problem is about, whatever follows from it."""
    return problem.text.replace(f"Cilium {release}", "Cilium").partition(": ")[2].partition(": ")[0]


def _listed(values: Values, step: Step) -> Iterator[KeyChange]:
    """Metrics that the user lists, and that the release does not have."""
    for entry in string_list(values, METRICS):
        metrics = [metric for name in names() for metric in entries(name) if metric.component == "cilium-agent"]
        before, after = (
            [metric for metric in metrics if metric.exists_on(release) and metric.switch_on(release) == entry[1:]]
            for release in (step.before, step.after)
        )
        if before and not after:
            names_after = " or ".join(f"{entry[:1]}{name}" for metric in before for name in metric.replaced_by)
            why = f"{entry}: Cilium {step.after} has no metric of that name"
            yield KeyChange(METRICS, KeyEffect.IGNORED, why, f"List {names_after}." if names_after else "Remove it.")


def _successor(key: HelmKey, step: Step) -> str:
    """The key of the same meaning in the chart afterwards, "" if there is none."""
    if not step.is_downgrade:
        return key.use
    return next((old.name for old in helm_keys().values() if old.use == key.name and old.exists_on(step.after)), "")


def _sentence(went: str, effect: KeyEffect, step: Step) -> str:
    if effect is KeyEffect.REFUSED:
        return f"{went}: the chart of {step.after} refuses to render with it"
    return f"{went}: the chart of {step.after} does not read it, and Helm does not report it"


def _default(key: HelmKey, values: Values | None, step: Step) -> Iterator[KeyChange]:
    if key.default is None or not (key.exists_on(step.before) and key.exists_on(step.after)):
        return
    before, after = key.default.on(step.before), key.default.on(step.after)
    if before == after or (values is not None and list(_user_value(values, key.name))):
        return
    shown_before, shown_after = _shown(_text(before), _text(after))
    why = f"{shown_before} on {step.before}, {shown_after} on {step.after}"
    fix = f"Set {key.name} to choose." if before is None else f"Set {key.name} to keep {shown_before}."
    if len(_text(before)) > LONGEST:
        fix = f"Set {key.name} to keep what `helm show values` prints of the chart of {step.before}."
    yield KeyChange(key.name, KeyEffect.DEFAULT, why, fix)


def _types(key: HelmKey, values: Values | None, step: Step) -> Iterator[KeyChange]:
    if key.types is None or values is None or not key.exists_on(step.after):
        return
    allowed = key.types.on(step.after)
    for value in _user_value(values, key.name):
        if value is not None and not _fits(value, allowed):
            why = f"the chart of {step.after} allows {' or '.join(allowed)}, not {_type(value)}"
            yield KeyChange(key.name, KeyEffect.TYPE, why, f"Write it as {allowed[0]}.")


def _user_value(values: Values, key: str) -> Iterator[Any]:
    """The user's value at a dotted key, if there is one."""
    value: Any = values
    for name in key.split("."):
        if not isinstance(value, Mapping) or name not in value:
            return
        value = value[name]
    yield value


def _type(value: Any) -> str:
    """The JSON Schema type of a value."""
    kinds = ((bool, "boolean"), (int, "integer"), (float, "number"), (str, "string"), (list, "array"))
    return next((name for kind, name in kinds if isinstance(value, kind)), "object" if value is not None else "null")


def _fits(value: Any, allowed: tuple[str, ...]) -> bool:
    kind = _type(value)
    return kind in allowed or (kind == "integer" and "number" in allowed)


def _text(value: Any) -> str:
    """A default on one line."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _shown(one: str, other: str) -> tuple[str, str]:
    """Two different texts, shortened to where they begin to differ."""
    if max(len(one), len(other)) <= LONGEST:
        return one, other
    shorter = min(len(one), len(other))
    same = next((index for index in range(shorter) if one[index] != other[index]), shorter)
    start = max(0, same - LONGEST // 3)
    return _excerpt(one, start), _excerpt(other, start)


def _excerpt(text: str, start: int) -> str:
    end = start + LONGEST
    return f"{'...' if start else ''}{text[start:end]}{'...' if end < len(text) else ''}"
