"""A CiliumEnvoyConfig with an invalid listener was applied 25 minutes before the end: every Envoy rejects it.

The agent of each node sends it to its Envoy, which answers with a NACK (`nack` of cilium_xds_events_count) and counts
it (`listener_manager.lds.update_rejected`). The agent does not send the same version again (pkg/envoy/xds/server.go),
but each change of another listener is a new version of all of them, and is rejected as well: traffic goes on as before,
and no listener changes any more. The agent logs each NACK as a warning.
"""

from collections.abc import Callable, Iterator, Mapping

from dashboards_py.demo.scenes._part import Part
from dashboards_py.demo.scenes._story import appearing, at_rate, faster, unchanged

APPLIED = -1500.0
VERSIONS = 1 / 240  # a second: how often something changes a listener
LISTENER = "type.googleapis.com/envoy.config.listener.v3.Listener"


def played(part: Part) -> Iterator[Part]:
    """What Envoys and agents count of rejected listeners."""
    yield from _CHANGES.get(part.name, unchanged)(part)


def _rejected(part: Part) -> Iterator[Part]:
    yield appearing(part, APPLIED, VERSIONS)


def _accepted(part: Part) -> Iterator[Part]:
    yield faster(part, (APPLIED, 0.0))


def _answers(part: Part) -> Iterator[Part]:
    is_nack = part.labels["status"] == "nack"
    if part.labels["type_url"] != LISTENER:
        yield part
    else:
        yield at_rate(part, APPLIED, VERSIONS) if is_nack else faster(part, (APPLIED, 0.0))


def _logged(part: Part) -> Iterator[Part]:
    yield part
    if part.labels["level"] == "WARN" and part.labels["subsystem"] == "unspecified":
        yield appearing(part, APPLIED, VERSIONS, subsystem="xds")


_CHANGES: Mapping[str, Callable[[Part], Iterator[Part]]] = {
    "cilium_errors_warnings_total": _logged,
    "cilium_xds_events_count": _answers,
    "envoy_listener_manager_lds_update_rejected": _rejected,
    "envoy_listener_manager_lds_update_success": _accepted,
}
