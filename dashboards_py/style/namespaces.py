"""The table of namespaces whose traffic fails, which two overviews show."""

from dashboards_py.model import BoardLink, Table
from dashboards_py.style.hubble import (
    DENIED,
    ENOUGH,
    FROM_HOST,
    HUBBLE_SCRAPED,
    answered_by_client_namespace,
    hour_ago,
    http_by_server_namespace,
    of_source,
)
from dashboards_py.style.limits import NAMESPACE_5XX, NAMESPACE_FAILURES
from dashboards_py.style.links import link_to
from dashboards_py.style.measured import unless_not_scraped
from dashboards_py.style.panels import query
from dashboards_py.style.shares import share
from dashboards_py.style.tables import table
from dashboards_py.style.thresholds import above


def namespaces_in_trouble(*, w: int, h: int) -> Table:
    """Denials and DNS lookups without an answer by the client's namespace, 5xx by the server's; the worst first."""
    denied = denied_share('source_namespace!=""')
    failed, requests = http_by_server_namespace('status=~"5.."'), http_by_server_namespace()
    served = of_source("namespace", f"({failed} / ({requests} > {ENOUGH}))")
    failing, failing_5xx = NAMESPACE_FAILURES.level("warning"), NAMESPACE_5XX.level("warning")
    return table(
        "Namespaces in trouble",
        "Shares: policy verdicts that deny and DNS lookups without an answer, from 5 %, of the client's namespace; "
        f"HTTP requests with a 5xx, from 1 %, of the server's. The links show who and why. {FROM_HOST} Needs the "
        "Hubble handlers `policy`, `dns`, `drop` and `httpV2`.",
        unless_not_scraped(
            query(f"topk(10, {denied} > {failing.value})", "denied", levels=(failing,)),
            HUBBLE_SCRAPED,
            "source_namespace",
        ),
        query(
            f"topk(10, {hour_ago(denied)} and {denied} > {failing.value})", "1 h ago", levels=(failing,), secondary=True
        ),
        query(f"topk(10, 1 - {answered_by_client_namespace()} > {failing.value})", "no answer", levels=(failing,)),
        query(
            f"topk(10, sum by (cluster, source_namespace) ({served}) > {failing_5xx.value})",
            "5xx served",
            levels=(failing_5xx,),
            thresholds=above(NAMESPACE_5XX),
        ),
        unit="percentunit",
        thresholds=above(NAMESPACE_FAILURES),
        rank="max",
        no_value="no outlier",
        links=_links(),
        w=w,
        h=h,
    )


def denied_share(matchers: str) -> str:
    """The share of policy verdicts that deny, by the client's namespace."""
    denied, verdicts = (
        f"sum by (cluster, source_namespace) (rate(hubble_policy_verdicts_total{{{chosen}}}[$__rate_interval]))"
        for chosen in (f"{matchers}, {DENIED}", matchers)
    )
    return share(denied, verdicts, more_than=ENOUGH)


def _links() -> tuple[BoardLink, ...]:
    return tuple(link_to(uid, namespace="source_namespace") for uid in ("hubble-dns", "hubble-network", "hubble-http"))
