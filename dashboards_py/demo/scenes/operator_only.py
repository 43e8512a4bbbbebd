"""Only the operators are scraped: the chart has their metrics on by default, and those of the agents off.

Of the values in install/kubernetes/cilium/values.yaml, `operator.prometheus.enabled` is true and `prometheus.enabled`
false. Whoever selects all ServiceMonitors has the operators alone.
"""

from collections.abc import Iterator

from dashboards_py.demo.scenes._part import Part


def played(part: Part) -> Iterator[Part]:
    """The operators' series as in the healthy cluster, and no others."""
    if part.target.component == "cilium-operator":
        yield part
