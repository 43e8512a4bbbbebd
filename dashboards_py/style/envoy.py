"""Expressions of Envoy that several boards use."""


def envoys_not_serving(scope: str) -> str:
    """1 for each Envoy that does not serve or does not answer Prometheus, 0 for the others; `scope` are matchers.

    Of one that does not answer, as on a node that is down, Prometheus has `up` and nothing else.
    """
    return f'envoy_server_live == bool 0 or up{{{scope}, pod=~"cilium-envoy.*"}} == bool 0'
