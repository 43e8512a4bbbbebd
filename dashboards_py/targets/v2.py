"""Boards and folders as resources of Grafana's API with schema v2, in files: for Git Sync and gcx with Grafana 13."""

from dashboards_py.targets._directory import OVERWRITE, out_option
from dashboards_py.targets._plan import PRUNE, Deployment, Options, Payload
from dashboards_py.targets._resources import compare_resources

SUMMARY = "Files with Grafana's resources in schema v2, for Git Sync and gcx (Grafana 13)."
OPTIONS = (out_option("build/v2"), PRUNE, OVERWRITE)


def prepare(payload: Payload, options: Options) -> Deployment:
    """Compare the directory with the resources that should be there."""
    from dashboards_py.targets._schema_v2 import spec_v2

    return compare_resources(payload, options, "v2", spec_v2)
