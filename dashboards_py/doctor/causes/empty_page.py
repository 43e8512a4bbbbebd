"""empty-page: targets are up, all panels of a component are empty, /metrics answers 200 with an empty page

Each scrape succeeds, and brings no samples, or none of this component: the port is that of another program, or a proxy
before it answers by itself. `up` is 1, and `scrape_samples_scraped` may be 0.

Check port and path of the scrape job or monitor, and ask one of its targets by hand.
"""

from dashboards_py.catalog import components
from dashboards_py.doctor.causes._cause import Diagnosis
from dashboards_py.doctor.executed import ExecutedQuery
from dashboards_py.doctor.observation import Observation

ORDER = 78


def explain(query: ExecutedQuery, seen: Observation) -> Diagnosis | None:
    """A selector without series reads a component whose targets expose nothing of it."""
    for selector in query.missing():
        empty = sorted(selector.components & seen.empty_pages.keys())
        if empty and len(empty) == len(selector.components):
            component = empty[0]
            target = next((target.name for target in seen.targets_of(component) if target.is_up), component)
            what = f"{component} is up, and answers with nothing of Cilium"
            why = f"{target}: {seen.empty_pages[component]}"
            port = components()[component].port
            fix = f"check port and path of the scrape: {component} is at port {port}, path /metrics"
            return Diagnosis(what, why, fix, subjects=frozenset({component}))
    return None
