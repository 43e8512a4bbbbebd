"""empty-variable: a variable has no values, "All" shows nothing, panels are empty for a chosen node or cluster

The values of a variable match no series: the one that is chosen is not there (any more), its query finds nothing, or
All stands for values that these series do not have. A variable whose own query has no result for another cause is named
with that cause.

Choose another value, or fix the variable's query.
"""

from dashboards_py.doctor.causes._cause import Diagnosis
from dashboards_py.doctor.executed import ExecutedQuery
from dashboards_py.doctor.observation import Observation

ORDER = 120


def explain(query: ExecutedQuery, _: Observation) -> Diagnosis | None:
    """The matcher of a variable matches no series of a metric that has some."""
    for selector in query.missing():
        for matcher in selector.rejecting:
            if variable := selector.variables.get(matcher.label):
                what = f"variable {variable} matches no series: its value is {matcher.value or '(empty)'}"
                values = selector.values.get(matcher.label, ())
                why = f"there are series of {selector.name}, none with {matcher}"
                why += f"; there is {', '.join(values[:5])}" if values else f"; none has {matcher.label}"
                fix = "choose another value of the variable, or fix its query"
                return Diagnosis(what, why, fix, variable=variable)
    return None
