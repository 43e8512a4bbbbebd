"""Managers of fields that apply what is in a repository, again and again: they undo what overwrites them."""

from collections.abc import Iterable, Mapping

from dashboards_py.errors import Remedy
from dashboards_py.remedies import CHANGE_SOURCE, TAKE_OVER

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


def overwrite_remedy(managers: Iterable[str]) -> Remedy:
    """How to get rid of what managers set: an overwrite, unless one of them would undo it."""
    tools = gitops_tools(managers)
    return Remedy(CHANGE_SOURCE, {"tool": tools}) if tools else Remedy(TAKE_OVER)


def overwrite_fix(managers: Iterable[str], overwrite: str) -> str:
    """The same in words, where `overwrite` is the option that overwrites."""
    if tools := gitops_tools(managers):
        return f"change it in the source that {tools} applies, which would undo {overwrite}"
    return f"keep a copy of it, then {overwrite}"
