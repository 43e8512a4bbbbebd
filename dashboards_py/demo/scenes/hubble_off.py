"""A cluster without Hubble (`hubble.enabled: false`): its metrics are nowhere, and there is no relay.

Everything else is as in the healthy cluster.
"""

from collections.abc import Iterator

from dashboards_py.demo.scenes._part import Part

ABSENT = ("hubble", "hubble-relay")


def played(part: Part) -> Iterator[Part]:
    """What is not of Hubble."""
    if part.target.component not in ABSENT:
        yield part
