"""`doctor --kube`: checks of the cluster as conditions, which explain what a Prometheus shows."""

import os
from typing import TYPE_CHECKING

from dashboards_py.cli._pinned import pinned_parameters
from dashboards_py.cli._remedies import fix_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dashboards_py.cluster import Check, Scraping
    from dashboards_py.doctor import Condition


def read_cluster(context: str | None, kubeconfig: str | None) -> "Scraping":
    """The cluster of a context: what is wrong with it, and its own Prometheus."""
    from dashboards_py.cluster import Options, Versions, connect, scraping

    clients = connect(context, kubeconfig, None, os.environ.get("HELM_KUBECONTEXT"))
    return scraping(clients, Options(Versions.read(*pinned_parameters().values())))


def read_cluster_as_allowed(context: str | None, kubeconfig: str | None) -> "Scraping":
    """The same; a cluster whose workloads may not even be listed has that remark alone."""
    from dashboards_py.cluster import Check, Scraping
    from dashboards_py.errors import Refused

    try:
        return read_cluster(context, kubeconfig)
    except Refused as error:
        check = Check("rights", None, error.cause, error.suggestion, cause="missing-rights")
        return Scraping((check,), {}, None)


def conditions(checks: "Iterable[Check]") -> "tuple[Condition, ...]":
    """The checks that are not ok, those with the same cause and observation as one condition."""
    from dashboards_py.doctor import Condition

    groups: dict[tuple[str, str], list[Check]] = {}
    for check in checks:
        if check.ok is not True and check.cause:
            groups.setdefault((check.cause, check.observed), []).append(check)
    return tuple(
        Condition(
            cause=cause,
            what=f"{_names(members)}: {observed}",
            fix="\n".join(dict.fromkeys(fix_text(check.fix, "up") for check in members)),
            subjects=frozenset(subject for check in members for subject in check.subjects),
        )
        for (cause, observed), members in groups.items()
    )


def _names(checks: "list[Check]") -> str:
    """The names of checks, without repeating their first word: `ServiceMonitors a, b`."""
    names = list(dict.fromkeys(check.name for check in checks))
    kind, _, _ = names[0].partition(" ")
    if len(names) > 1 and kind[:1].isupper() and all(name.startswith(f"{kind} ") for name in names):
        return f"{kind}s {', '.join(name.removeprefix(f'{kind} ') for name in names)}"
    return ", ".join(names)
