"""`drift`: how what is deployed differs from the code, and from what was deployed last."""

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

import click

from dashboards_py.cli._targets import Targets, plan_deployment
from dashboards_py.plural import counted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dashboards_py.targets import Change

ADVICE = {
    "stale": "`deploy` updates what is stale",
    "missing": "`deploy` creates what is missing",
    "edited": "`deploy` leaves what was edited: save a copy, then `deploy --overwrite` replaces it",
    "left over": "`deploy --prune` removes what is left over and as we deployed it",
}


class DriftTargets(Targets):
    """A command for each target."""

    run = staticmethod(lambda name, **args: _drift(name, **args))


@click.group(cls=DriftTargets)
def command() -> None:
    """Show what differs between the code, what was deployed last, and what is there now.

    Without a target: grafana if GRAFANA_URL is set, else files. Each board, and with --rules each alert, is the same,
    stale (as we deployed it, and the code has changed since), edited (by whom and when), edited and stale, moved to
    another folder, missing, foreign (never ours), or left over (ours, and the code no longer has it).

    Nothing is written. Exit code 1: something is not the same. `diff --grafana` shows what an edit changed.
    """


def _drift(name: str, /, **args: Any) -> None:
    from dashboards_py.errors import ProblemsFound
    from dashboards_py.targets import State, TargetWithSchemas, load

    as_json = args.pop("as_json")
    plan = plan_deployment(name, args)
    module, changes = load(name), plan.deployment.changes
    uids = [board.uid for board in plan.boards]
    schemas = module.schemas(plan.options, uids) if isinstance(module, TargetWithSchemas) else {}
    if as_json:
        click.echo(json.dumps(_document(plan.deployment.destination, changes, schemas), indent=2))
    else:
        _print(plan.deployment.destination, changes, schemas)
    if count := sum(change.drift != State.SAME for change in changes):
        raise ProblemsFound(counted(count, f"of {len(changes)} differs", f"of {len(changes)} differ"))


def _print(destination: str, changes: "Sequence[Change]", schemas: "Mapping[str, str]") -> None:
    for change in changes:
        details = ", ".join(filter(None, (_details(change), _stored(change, schemas))))
        if change.drift != "same" or details:
            click.echo(f"{change.drift:>16}  {change.name}" + (f"  ({details})" if details else ""))
    counts = Counter(change.drift for change in changes)
    click.echo(f"{destination}: {', '.join(f'{count} {state}' for state, count in counts.items())}")
    for state, advice in ADVICE.items():
        if any(state in counted for counted in counts):
            click.echo(advice, err=True)


def _details(change: "Change") -> str:
    return change.details or change.why


def _stored(change: "Change", schemas: "Mapping[str, str]") -> str:
    """The schema in which it is stored, if that is not the classic one."""
    schema = schemas.get(change.name, "")
    return f"stored as {schema}" if schema.startswith("v2") else ""


def _document(destination: str, changes: "Sequence[Change]", schemas: "Mapping[str, str]") -> "Mapping[str, Any]":
    return {
        "destination": destination,
        "drift": [
            {
                "name": change.name,
                "state": str(change.drift),
                "details": change.details,
                "why": change.why,
                "stored": schemas.get(change.name, ""),
            }
            for change in changes
        ],
    }
