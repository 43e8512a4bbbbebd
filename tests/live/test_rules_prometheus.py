"""A real Prometheus answers the expressions of alerts as the matrix says, and none fires on a day of ordinary work."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from dashboards_py.catalog import NEWEST
from dashboards_py.compile.rules import compile_rules
from dashboards_py.compiled import CompiledAlert
from dashboards_py.demo import END
from dashboards_py.demo.scenes._size import NODES
from dashboards_py.panel_data import over
from dashboards_py.panel_data.source import Source
from dashboards_py.prometheus import over_http
from tests.components import require
from tests.live.demo_history import stored
from tests.rules.faults import HOUR, Fault, day, scenes
from tests.rules.history import DAY, MINUTE, Scenario, Site, Timeline
from tests.rules.stored import Clusters, Story
from tests.rules.unit_tests import names, reads, seconds

BEGIN = END - DAY
WORK = "a day of work"
LEAD, LENGTH = 80 * MINUTE, 2 * HOUR  # longer than any alert of the scenes takes


def stories() -> Iterator[Story]:
    """The day, and each scene in a cluster of its own, with the series that alerts which may notice it read."""
    alerts = compile_rules().alerts
    everything = frozenset(name for alert in alerts for name in names(alert, NEWEST))
    yield Story(Scenario(NEWEST, replace(day.TIMELINE, start=BEGIN), day.played, Site(WORK, NODES + 1)), everything)
    for fault in scenes.FAULTS:
        concerned = [alert for alert in alerts if reads(alert, fault.played, NEWEST)]
        scenario = Scenario(NEWEST, Timeline(fault.begin, LEAD, LENGTH, 0.0, BEGIN), fault.played, Site(fault.name))
        yield Story(scenario, frozenset(name for alert in concerned for name in names(alert, NEWEST)))


@pytest.fixture(scope="module")
def prometheus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Source]:
    """A Prometheus with all of them, by the label cluster."""
    require("prometheus")
    everywhere = tuple(stories())
    everything = frozenset(name for story in everywhere for name in story.names)
    begin, end = round(1000 * BEGIN), round(1000 * END)
    with stored(Clusters(everywhere), everything, tmp_path_factory.mktemp("rules"), begin, end) as address:
        yield over(over_http(address, seconds=60))


@pytest.fixture(scope="module")
def fired(prometheus: Source) -> dict[str, set[str]]:
    """The alerts that would have fired, by cluster: those whose expression held for as long as `for` says."""
    timelines = {story.scenario.site.name: story.scenario.timeline for story in stories()}
    result: dict[str, set[str]] = {cluster: set() for cluster in timelines}
    ends = {cluster: BEGIN + MINUTE * (len(timeline.seconds) - 1) for cluster, timeline in timelines.items()}
    for alert in compile_rules().alerts:
        for cluster in _fired(prometheus, alert, ends):
            result[cluster].add(alert.alert)
    return result


def _fired(source: Source, alert: CompiledAlert, ends: dict[str, float]) -> Iterator[str]:
    for series in source.range(alert.expr, BEGIN, END, MINUTE):
        cluster = dict(series.labels)["cluster"]
        since: float | None = None
        before = 0.0
        for moment, _ in series.samples:
            if moment > ends[cluster]:
                break
            since = moment if since is None or moment - before > 1.5 * MINUTE else since
            before = moment
            if moment - since >= seconds(alert.hold):
                yield cluster


@pytest.mark.fault("An alert fires while agents are upgraded, a node is drained and another one is added")
def test_none_fires_on_a_day_of_work(fired: dict[str, set[str]]) -> None:
    """A day with a rolling upgrade, a drained node and a new one is silent, by each alert's expression and `for`."""
    assert fired[WORK] == set()


@pytest.mark.fault("Nobody has seen whether an alert fires on its fault, and on nothing else")
@pytest.mark.parametrize("fault", scenes.FAULTS, ids=lambda fault: fault.name)
def test_a_server_with_several_clusters_says_the_same(fault: Fault, fired: dict[str, set[str]]) -> None:
    """With ten clusters in one Prometheus, a fault makes the alerts of its own cluster fire, as promtool says."""
    assert fired[fault.name] == fault.expected


def test_the_day_of_work_is_reported(fired: dict[str, set[str]], report: Callable[[str], None]) -> None:
    """The end of the run says what fired on the day, and in how many clusters the answers were compared."""
    report(f"alerts on {WORK} in Prometheus: {sorted(fired[WORK]) or 'silent'}; {len(fired) - 1} clusters compared")
    assert set(fired) == {WORK, *(fault.name for fault in scenes.FAULTS)}
