"""The output of `cluster`'s commands: plans, steps as they are executed, and checks."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from dashboards_py.cli._first_page import FIRST_BOARD_UID
from dashboards_py.cli._remedies import fix_text, remedy_text, resolve_remedy
from dashboards_py.errors import DashboardsError, ProblemsFound

if TYPE_CHECKING:
    from dashboards_py.cluster import Check, Clients, Options, Outcome, State, Step

NOTHING_TO_DO = {"up": "everything is in place: nothing to do", "down": "there is nothing to remove"}
MARKS = {True: "ok  ", False: "FAIL", None: "?   "}


def print_header(state: "State") -> None:
    """Print which cluster is used."""
    cilium = state.cilium
    network = f"Cilium {cilium.version} ({cilium.qualified_name})" if cilium else "no Helm release of Cilium"
    click.echo(f"context {state.context}: Kubernetes {state.kubernetes}, {network}")


def print_plan(state: "State", steps: "Sequence[Step]", command: str) -> None:
    """Print the steps that `command` (`up` or `down`) would run."""
    print_header(state)
    for step in steps:
        _print_step(step, command)
    print_nothing_to_do(steps, command)
    click.echo("nothing was changed")


def print_nothing_to_do(steps: "Sequence[Step]", command: str) -> None:
    """Print that there is nothing to do, if so; for `down`, a notice of what is kept counts as something."""
    if not (steps if command == "down" else any(step.changes for step in steps)):
        click.echo(NOTHING_TO_DO[command])


def print_grafana(options: "Options") -> None:
    """Print how to open the stack's Grafana."""
    secret = f"kubectl get secret -n {options.namespace} {options.release}-grafana -o jsonpath="
    click.echo(f"Grafana's admin password: {secret}'{{.data.admin-password}}' | base64 -d")
    click.echo(f"Grafana: kubectl port-forward -n {options.namespace} svc/{options.release}-grafana 3000:80")
    click.echo(f"then open http://localhost:3000/d/{FIRST_BOARD_UID}")


def run_and_print(steps: "Sequence[Step]", clients: "Clients", command: str) -> None:
    """Run the steps, printing each before it begins, and its outcome."""
    from dashboards_py.cluster import Outcome, run_steps

    for event in _interruptible(run_steps(steps, clients)):
        if isinstance(event, Outcome):
            click.echo(f"    {event}")
        else:
            _print_step(event, command)


def print_check(check: "Check") -> None:
    """Print one result of `verify`, with the fix unless it is ok."""
    cause = f" [{check.cause}]" if check.cause and check.ok is False else ""
    click.echo(f"{MARKS[check.ok]} {check.name}: {_observed(check)}{cause}")
    if check.ok is not True and check.fix:
        click.echo(f"       {fix_text(check.fix, 'up')}")


def print_checks_json(checks: "Sequence[Check]") -> None:
    """All checks as JSON."""
    click.echo("the key `said` is now `observed`; `said` will be removed in the next version", err=True)
    rows = [
        {
            "name": check.name,
            "ok": check.ok,
            "observed": observed,
            "said": observed,
            "fix": fix_text(check.fix, "up"),
            "cause": "" if check.ok else check.cause,
        }
        for check, observed in zip(checks, map(_observed, checks), strict=True)
    ]
    click.echo(json.dumps(rows, indent=2))


def refuse_problems(steps: "Sequence[Step]", command: str) -> None:
    """Raise ProblemsFound if something was left undone."""
    from dashboards_py.cluster import Notice

    problems = [step for step in steps if isinstance(step, Notice) and step.problem]
    if problems:
        remedy = next((remedy_text(remedy, command) for step in problems for remedy in step.remedies), "")
        raise ProblemsFound("; ".join(step.title for step in problems), fix=remedy)


@contextmanager
def resolving_remedies(command: str) -> Iterator[None]:
    """Word the remedies of errors raised within the context as options of this command."""
    try:
        yield
    except DashboardsError as error:
        resolve_remedy(error, command)
        raise


def _observed(check: "Check") -> str:
    return f"{check.observed}; {remedy_text(check.hint, 'up')}" if check.hint else check.observed


def _print_step(step: "Step", command: str) -> None:
    click.echo(f"- {step.title}")
    for line in (*step.details, *(remedy_text(remedy, command) for remedy in step.remedies)):
        click.echo(f"    {line}")


def _interruptible(events: "Iterator[Step | Outcome]") -> "Iterator[Step | Outcome]":
    try:
        yield from events
    except KeyboardInterrupt as error:
        raise DashboardsError(
            "interrupted", cause="in the step above", fix="rerun the command; it resumes there"
        ) from error
