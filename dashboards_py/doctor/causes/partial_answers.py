"""partial-answers: numbers are too low, some clusters are missing, Thanos warns of partial response

Thanos, Mimir, VictoriaMetrics (`"isPartial": true`) and others answer with what they got when a part of them (sidecar,
store, shard) does not answer. Sums are too low then, and a small triangle in the panel is all that shows it. Thanos
drops even that some seconds after a store is lost: only its page Stores (`/api/v1/stores`) tells.

The warning names the part. Fix it, or switch partial responses off (`--no-query.partial-response` of Thanos,
`-search.denyPartialResponse` of VictoriaMetrics), so that queries fail instead of lying.
"""

from dashboards_py.doctor.causes._cause import Diagnosis
from dashboards_py.doctor.executed import ExecutedQuery
from dashboards_py.doctor.observation import Observation
from dashboards_py.findings import Severity

ORDER = 42


def explain(_: ExecutedQuery, seen: Observation) -> Diagnosis | None:
    """Answers come with warnings of the server, or a store of it is lost."""
    server = seen.server
    if not server.warnings and not server.lost_stores:
        return None
    lost = [
        f"Thanos asks {store.partition(': ')[0]} no more: {store.partition(': ')[2]}" for store in server.lost_stores
    ]
    why = "\n".join((*server.warnings, *lost)[:3])
    fix = "make the named part of the server answer: until then sums are too low"
    return Diagnosis("answers are partial", why, fix, Severity.WARNING, is_final=False)
