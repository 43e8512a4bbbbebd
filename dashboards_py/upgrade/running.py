"""The releases of Cilium that agents run now, as a Prometheus reports them."""

from dataclasses import dataclass

from dashboards_py.catalog import Release
from dashboards_py.errors import DashboardsError
from dashboards_py.prometheus.answers import rows_of, whole
from dashboards_py.shapes import Ask

QUERY = "count by (version) (cilium_version)"


@dataclass(frozen=True, slots=True)
class Running:
    """A version that agents run: the text of the label `version`, its release, and the number of agents."""

    version: str
    release: Release
    agents: int


def running(ask: Ask) -> tuple[Running, ...]:
    """The versions that agents run, oldest first; raises DashboardsError if there are none, or one is not supported.

    `cilium_version` has the version as `cilium --version` prints it, before the first blank (pkg/version).
    """
    versions = []
    for labels, agents in rows_of(ask("query", {"query": QUERY})):
        version = labels.get("version", "").split(" ")[0]
        versions.append(Running(version, _release(version), whole(agents)))
    if not versions:
        cause = "has no cilium_version, the metric that every agent exposes"
        raise DashboardsError("Prometheus", cause=cause, fix="scrape the agents, or state the release that runs now")
    return tuple(sorted(versions, key=lambda one: (one.release, one.version)))


def _release(version: str) -> Release:
    try:
        return Release.parse(version)
    except DashboardsError as error:
        what = "the agents in Prometheus"
        cause = f"run a release that is not known here: {error.what} {error.cause}"
        raise DashboardsError(
            what, cause=cause, fix="state the nearest known release as the one that runs now"
        ) from error
