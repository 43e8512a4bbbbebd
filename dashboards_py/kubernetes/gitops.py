"""Managers of fields that apply what is in a repository, again and again: they undo what overwrites them."""

from collections.abc import Collection, Iterable, Mapping

from dashboards_py.errors import Remedy
from dashboards_py.remedies import CHANGE_SOURCE, CHANGE_SOURCE_FIRST, TAKE_OVER

# By field manager: Flux' controllers call themselves by their names (`controllerName` in each main.go, which
# helm-controller sets as Helm's ManagedFieldsManager); Argo CD is `ArgoCDSSAManager` in common/common.go where it
# applies on the server, and otherwise its program's name.
TOOLS: Mapping[str, str] = {
    "argocd-application-controller": "Argo CD",
    "argocd-controller": "Argo CD",
    "helm-controller": "Flux",
    "kustomize-controller": "Flux",
}


def gitops_tools(managers: Iterable[str]) -> str:
    """Those of the managers that apply what is in a repository, by the names of their projects; "" for none."""
    return " and ".join(sorted({TOOLS[manager] for manager in managers if manager in TOOLS}))


def has_others(managers: Iterable[str]) -> bool:
    """True if one of the managers is none of these tools."""
    return any(manager not in TOOLS for manager in managers)


def overwrite_remedy(managers: Collection[str]) -> Remedy:
    """How to get rid of what managers set: an overwrite, but not of what one of these tools would set again."""
    if not (tools := gitops_tools(managers)):
        return Remedy(TAKE_OVER)
    return Remedy(CHANGE_SOURCE_FIRST if has_others(managers) else CHANGE_SOURCE, {"tool": tools})


def source_fix(managers: Iterable[str]) -> str:
    """The same in words, of what these tools set; "" if it is none of theirs."""
    tools = gitops_tools(managers)
    return f"change it in the source that {tools} applies, which would undo an overwrite" if tools else ""
