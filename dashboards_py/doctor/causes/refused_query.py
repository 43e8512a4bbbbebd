"""refused-query: a panel shows an error: parse error, "many-to-many matching not allowed", too many samples

Prometheus refuses the query, or cannot evaluate it on this data.

The message says why. `query processing would load too many samples` asks for a shorter range or fewer series.
"""

from dashboards_py.doctor.causes._cause import Diagnosis
from dashboards_py.doctor.executed import ExecutedQuery
from dashboards_py.doctor.observation import Observation

ORDER = 140


def explain(query: ExecutedQuery, _: Observation) -> Diagnosis | None:
    """An error that no other cause explains."""
    if query.error is None:
        return None
    return Diagnosis("Prometheus refuses queries", query.error.cause or query.error.what, "see the message")
