"""Are two targets relabeled alike? Then what is dropped of one of them only was dropped for its own labels."""

from collections.abc import Iterable, Mapping
from typing import Any

from dashboards_py.board import fields as json_fields
from dashboards_py.doctor.client import Client
from dashboards_py.doctor.observation import Observation, ScrapeTarget
from dashboards_py.documents.yaml import load_yaml
from dashboards_py.errors import DashboardsError

RULES = "metric_relabel_configs"
# How Prometheus writes its own configuration (config.Config in config/config.go): a job begins with its name.
JOBS, JOB = "\nscrape_configs:\n", "\n- "


def are_relabeled_alike(
    client: Client, component: str, instance: str, others: Iterable[str], seen: Observation
) -> bool:
    """Whether the same rules apply to a target and one of the others, and read no label that tells the two apart.

    A rule about `reason`, say, then drops the same series of both: what one has left is a matter of what it counted.
    False if the server does not tell.
    """
    targets = {target.labels.get("instance", ""): target for target in seen.targets_of(component)}
    one = targets.get(instance)
    by_pool = {target.pool: target for name in others if (target := targets.get(name))}
    if one is None or not one.pool:
        return False
    try:
        rules = rules_of_job(client, one.pool)
        same = [other for pool, other in by_pool.items() if pool and rules_of_job(client, pool) == rules]
    except DashboardsError:
        return False
    if rules is None:
        return False
    read = {label for rule in rules for label in json_fields.texts(rule, "source_labels")}
    return any(not read & {seen.label(label) for label in _different(one, other)} for other in same)


def _different(one: ScrapeTarget, other: ScrapeTarget) -> set[str]:
    return {label for label in {*one.labels, *other.labels} if one.labels.get(label) != other.labels.get(label)}


def rules_of_job(client: Client, job: str) -> list[Mapping[str, Any]] | None:
    """The rules of a job; None if the configuration does not have it: other files may (scrape_config_files).

    Raises DashboardsError if the server does not tell its configuration.
    """
    configuration = json_fields.text(client.get("status/config", {}), "yaml")
    jobs = configuration.partition(JOBS)[2].removeprefix("- ").split(JOB)
    for text in jobs:
        if job not in text.partition("\n")[0]:
            continue
        document = load_yaml(f"- {text}".partition("\nstorage:")[0], "the configuration of Prometheus").value
        for entry in json_fields.mappings({"jobs": document}, "jobs"):
            if entry.get("job_name") == job:
                return list(json_fields.mappings(entry, RULES))
    return None
