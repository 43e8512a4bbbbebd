"""One run: look at the Prometheus, ask the boards, name the causes."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from dashboards_py.catalog import Release
from dashboards_py.doctor.client import Client
from dashboards_py.doctor.diagnose import Report, diagnose
from dashboards_py.doctor.execute import BoardToExamine, execute_boards, names_read
from dashboards_py.doctor.house_labels import our_target
from dashboards_py.doctor.observation import Condition, ScrapeTarget
from dashboards_py.doctor.observe import observe, observe_release
from dashboards_py.errors import DashboardsError, Word, by_kind
from dashboards_py.panel_data.steps import SCRAPE_INTERVAL

# Remarks about a query, which are no warnings of missing data (util/annotations/annotations.go of Prometheus).
REMARKS = ("PromQL info", "PromQL warning")


def examine(
    client: Client,
    boards_for: Callable[[Release], Iterable[BoardToExamine]],
    *,
    local_time: float,
    release: Release | None = None,
    scrape_interval: float = SCRAPE_INTERVAL,
    conditions: tuple[Condition, ...] = (),
    configuration: Mapping[str, str] | None = None,
    handlers: frozenset[str] = frozenset(),
    not_running: frozenset[str] = frozenset(),
    label_names: Mapping[str, str] | None = None,
    unlabelled: tuple[ScrapeTarget, ...] = (),
    word: Word = by_kind,
) -> Report:
    """The report on the boards that `boards_for` gives for `release`, or for the release of Cilium that runs.

    `local_time` is the Unix time of this machine, `scrape_interval` the seconds that Grafana's data source names.
    `conditions`, `configuration` (of cilium-config), `handlers` (of Hubble) and `not_running` (components) are those of
    the cluster, if it was read. `label_names` are the house's names of labels by ours, in the Prometheus and in the
    boards. `unlabelled` are targets without the label that names a cluster, if there are several. `word` puts fixes
    into words.
    """
    begun = observe_release(client, local_time)
    begun = replace(
        begun,
        conditions=conditions,
        configuration=configuration or {},
        handlers=handlers,
        not_running=not_running,
        label_names=label_names or {},
        unlabelled=tuple(our_target(target, label_names or {}) for target in unlabelled),
    )
    release = release or begun.release
    boards = tuple(boards_for(release))
    try:
        seen = observe(client, begun, names_read(item.board for item in boards), release)
        queries = execute_boards(client, boards, seen, scrape_interval)
    except DashboardsError as error:  # it is a Prometheus, and refuses what has to be known first
        seen, silent = begun, replace(begun, server=replace(begun.server, failure=error))
        queries = tuple(replace(query, error=error) for query in execute_boards(client, boards, silent))
    warnings = tuple(note for note in client.notes if not note.startswith(REMARKS))
    return diagnose(queries, replace(seen, server=replace(seen.server, warnings=warnings)), word)
