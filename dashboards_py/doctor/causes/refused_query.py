"""refused-query: a panel shows an error: parse error, "many-to-many matching not allowed", too many samples

Prometheus refuses the query, or cannot evaluate it on this data.

The message says why. `query processing would load too many samples`, `the query exceeded the maximum number of series`
and `-search.maxSamplesPerQuery` are limits of the server or tenant: choose a shorter range or fewer nodes, or raise it.
414 is the limit of a proxy for the length of addresses, where it lets no form pass (POST) as Grafana sends it.
"""

import re

from dashboards_py.doctor.causes._cause import Diagnosis
from dashboards_py.doctor.executed import ExecutedQuery
from dashboards_py.doctor.observation import Observation

ORDER = 140
# Texts of Prometheus (promql/engine.go), Mimir (pkg/util/limiter) and VictoriaMetrics (app/vmselect).
LIMIT = re.compile(r"too many samples|too large|too long|maximum number of|-search\.max\w+|exceeds? the limit")
CORRECT = "correct the query as the message says: Prometheus' own page /query has the same message while you edit it"
TOO_LARGE = (413,)  # what a front end says of an answer
TOO_LONG = (414, 431)  # and of an address, if it does not let a form pass either
FEWER = "choose a shorter range or fewer nodes, or raise this limit of the server or tenant"
LONGER = (
    "a proxy before Prometheus limits the length of addresses: let it pass POST to api/v1/query, which only reads, "
    "or raise the limit (nginx: large_client_header_buffers)"
)


def explain(query: ExecutedQuery, _: Observation) -> Diagnosis | None:
    """An error that no other cause explains."""
    if query.error is None:
        return None
    why = query.error.cause or query.error.what
    is_limit = LIMIT.search(why) is not None or query.error.status in TOO_LARGE
    fix = FEWER if is_limit else CORRECT
    return Diagnosis("Prometheus refuses queries", why, LONGER if query.error.status in TOO_LONG else fix)
