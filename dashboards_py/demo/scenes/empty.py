"""A Prometheus that scrapes nothing of Cilium, as before its metrics are enabled or a ServiceMonitor is selected."""

from collections.abc import Iterator

from dashboards_py.demo.scenes._part import Part


def played(_: Part) -> Iterator[Part]:
    """No series."""
    yield from ()
