"""Parts of Cilium that a user's values switch off, and the required values that have no effect then."""

import re
from collections.abc import Iterator

from dashboards_py.catalog import Release
from dashboards_py.values.keys import Values, effective_value, get_value, is_nulled

# By the key that switches a part off: the keys below which nothing renders then.
PARTS = {
    "agent": ("prometheus.", "hubble.metrics."),
    "operator.enabled": ("operator.",),
    "hubble.enabled": ("hubble.",),
    "hubble.relay.enabled": ("hubble.relay.",),
}


def switched_off(values: Values, release: Release) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Each key that switches a part off, with its value as text and the beginnings of keys without effect.

    The chart refuses a relay without Hubble ("Hubble Relay requires .Values.hubble.enabled=true",
    templates/validate.yaml), and renders no ServiceMonitor of parts that do not run.
    """
    for key, prefixes in PARTS.items():
        if effective_value(values, key) is False and (key != "hubble.relay.enabled" or _is_explicit(values, key)):
            yield key, "null" if is_nulled(values, key) else "false", prefixes
    daemonset, why = has_envoy_daemonset(values)
    if not daemonset and release >= (1, 17):
        key, _, text = why.partition(" is ")
        yield key, text, ("envoy.",)


def has_envoy_daemonset(values: Values) -> tuple[bool, str]:
    """True if Envoy runs apart from the agent; if not, with the value that decides it (envoyDaemonSetEnabled)."""
    if not effective_value(values, "l7Proxy"):
        return False, "l7Proxy is false"
    enabled = get_value(values, "envoy.enabled")
    if enabled is not None:
        return bool(enabled), "" if enabled else "envoy.enabled is false"
    version = str(get_value(values, "upgradeCompatibility") or "1.16")
    match = re.match(r"v?(\d+)\.(\d+)", version)
    is_older = match is not None and (int(match[1]), int(match[2])) < (1, 16)
    return not is_older, f"upgradeCompatibility is {version}" if is_older else ""


def _is_explicit(values: Values, key: str) -> bool:
    return get_value(values, key) is False
