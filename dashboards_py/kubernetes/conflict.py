"""Field conflicts of server-side apply, by object and manager, from the output of kubectl or helm."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from dashboards_py.errors import ProblemsFound
from dashboards_py.kubernetes.gitops import gitops_tools, has_others, overwrite_remedy
from dashboards_py.plural import counted

# Helm 4 continues after an object that it cannot apply, and joins the errors; a message may also contain
# an expression with &&.
JOINT = re.compile(r" && (?=conflict occurred while |server-side apply failed |failed to |cannot |unable to )")
OBJECT = re.compile(r"conflict occurred while applying object (\S*?) \S*,? ?Kind=(\w+): (.*)", re.S)
MANAGER = re.compile(
    r'conflicts? with "([^"]+)"(?: with subresource "[^"]*")? using [^:\s]+:((?: \.[^\n]+|(?:\n- [^\n]+)*))'
)


@dataclass(frozen=True, slots=True)
class Conflict:
    """The fields of one object that a manager owns: `object_name` is `ConfigMap namespace/name`."""

    object_name: str
    manager: str
    fields: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.manager} changed {', '.join(self.fields)}{by_hand(self.manager)}"


def by_hand(managers: str) -> str:
    """Whether a person changed what managers own, for after the verb: kubectl calls itself `kubectl-edit` and the like.

    Programs have names of their own, such as Flux (`helm-controller`), Argo CD and the autoscaler.
    """
    return " by hand" if any(name.startswith("kubectl") for name in managers.split(", ")) else ""


def managers_in(message: str) -> tuple[str, ...]:
    """The managers that a message about conflicts names."""
    return tuple(dict.fromkeys(re.findall(r'conflicts? with "([^"]+)"', message)))


def parts_of(message: str) -> list[str]:
    """The problems that Helm joined in one message."""
    return JOINT.split(message)


def conflicts_in(part: str) -> Iterator[Conflict]:
    """The conflicts of one problem; none if it is a different problem."""
    match = OBJECT.search(part)
    if match is None:
        return
    for manager, fields in MANAGER.findall(match[3]):
        names = tuple(line.strip().removeprefix("- ").strip() for line in fields.split("\n") if line.strip())
        yield Conflict(f"{match[2]} {match[1].lstrip('/')}", manager, names)


def conflict_error(conflicts: list[Conflict]) -> ProblemsFound:
    """The error for conflicts: the changes by manager, object by object."""
    by_object: dict[str, list[str]] = {}
    for conflict in conflicts:
        by_object.setdefault(conflict.object_name, []).append(str(conflict))
    listed = [f"{name}: {'; '.join(changes)}" for name, changes in by_object.items()]
    managers = [conflict.manager for conflict in conflicts]
    fix, remedy = "put the changes into the chart's values, or let Helm overwrite them", overwrite_remedy(managers)
    if tools := gitops_tools(managers):
        fix = f"put the changes into the source that {tools} applies"
        fix += "; those of others into the chart's values, or let Helm overwrite these" if has_others(managers) else ""
    if len(listed) == 1:
        name, _, cause = listed[0].partition(": ")
        return ProblemsFound(name, cause=f"{cause}, and Helm leaves it alone", fix=fix, remedy=remedy)
    cause = f"{'; '.join(listed)}; and Helm leaves them alone"
    return ProblemsFound(counted(len(listed), "object"), cause=cause, fix=fix, remedy=remedy)
