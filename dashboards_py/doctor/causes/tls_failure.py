"""tls-failure: x509 errors, "certificate signed by unknown authority", http on a port with https

The connection is made, but TLS fails: the certificate is not trusted, has expired or is for another name, or one side
speaks plain http.

The reason names what to change: the CA file, the name in the address, its scheme, or the certificate.
"""

from dashboards_py.doctor.causes._cause import Diagnosis
from dashboards_py.doctor.executed import ExecutedQuery
from dashboards_py.doctor.observation import Observation
from dashboards_py.errors import TLS

ORDER = 12


def explain(_: ExecutedQuery, seen: Observation) -> Diagnosis | None:
    """A failed handshake, or the wrong scheme."""
    failure = seen.server.failure
    if failure is None or failure.reason != TLS:
        return None
    return Diagnosis("TLS with Prometheus fails", f"{failure.what}: {failure.cause}", failure.fix)
