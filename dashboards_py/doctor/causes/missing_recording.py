"""missing-recording: a panel of a recording rule (`job:errors:rate5m`) is empty, a dashboard of a mixin shows no data

The query reads series that a recording rule makes, and there are none: the rule is not loaded, or what it reads is not
there.

Load the rule file or PrometheusRule that belongs to the board. If the rule is loaded, run its query by itself.
"""

from dashboards_py.doctor.causes._cause import Diagnosis
from dashboards_py.doctor.causes._metrics import never_there
from dashboards_py.doctor.executed import ExecutedQuery, ExecutedSelector
from dashboards_py.doctor.observation import Observation
from dashboards_py.findings import Severity

ORDER = 93


def explain(query: ExecutedQuery, seen: Observation) -> Diagnosis | None:
    """A name with a colon, which by convention rules alone give, has no series."""
    for selector in never_there(query, seen, _is_recorded):
        name = selector.name
        if seen.recorded is not None and name in seen.recorded:
            what = "recording rules return nothing"
            why = f"a rule that records {name} is loaded, and there is no series of it"
            fix = "run the rule's query on Prometheus' page /query, part by part: one of them returns nothing"
            return Diagnosis(what, why, fix, Severity.WARNING, (name,))
        what = "series of recording rules are read, and there are none"
        tells = "no rule that is loaded records it" if seen.recorded is not None else "the server lists no rules"
        fix = "load the rule file or PrometheusRule that records them"
        return Diagnosis(what, f"no series of {name}; {tells}", fix, items=(name,))
    return None


def _is_recorded(selector: ExecutedSelector) -> bool:
    return ":" in selector.name
