import pytest

from dashboards_py.catalog import CONTEXT_LABELS, NEWEST, RELEASES, Handler, entries

NAMESPACES = "labelsContext=source_namespace,destination_namespace"


@pytest.mark.parametrize(
    ("text", "handler"),
    [
        ("drop", Handler("drop", ())),
        (f"dns:query;{NAMESPACES}", Handler("dns", ("query", NAMESPACES))),
        (" flow:sourceContext=workload|ip ", Handler("flow", ("sourceContext=workload|ip",))),
    ],
)
def test_a_handler_is_read_as_helm_has_it(text: str, handler: Handler) -> None:
    """Name before the colon, options between semicolons; printed again it is the same value."""
    assert Handler.parse(text) == handler
    assert str(handler) == text.strip()


@pytest.mark.parametrize(
    ("metric", "contexts", "labels"),
    [
        ("hubble_dns_queries_total", (), ("rcode", "qtypes", "ips_returned")),
        ("hubble_dns_queries_total", ("query",), ("rcode", "qtypes", "ips_returned", "query")),
        (
            "hubble_drop_total",
            ("query", NAMESPACES),
            ("reason", "protocol", "source_namespace", "destination_namespace"),
        ),
        ("hubble_drop_total", ("labelsContext=traffic_direction",), ("reason", "protocol", "traffic_direction")),
        (
            "hubble_tcp_flags_total",
            ("sourceEgressContext=pod", "destinationContext=dns"),
            ("flag", "family", "source", "destination"),
        ),
        ("hubble_flows_to_world_total", ("any-drop", "port", "syn-only"), ("protocol", "verdict", "port")),
        ("hubble_lost_events_total", (NAMESPACES,), ("source",)),
        ("cilium_drop_count_total", (NAMESPACES,), ("reason", "direction")),
    ],
)
def test_options_of_the_handler_add_labels(metric: str, contexts: tuple[str, ...], labels: tuple[str, ...]) -> None:
    """labelsContext, the contexts of either side and the handler's own options; other metrics ignore them."""
    (metric_entry,) = entries(metric)
    assert metric_entry.labels_on(NEWEST, contexts) == labels


def test_possible_labels_are_those_of_every_option() -> None:
    """All labels that a handler can add."""
    (metric_entry,) = entries("hubble_dns_responses_total")
    own = ("rcode", "qtypes", "ips_returned", "query", "source", "destination")
    assert metric_entry.possible_labels_on(NEWEST) == (*own, *CONTEXT_LABELS)


def test_traffic_direction_is_lower_case() -> None:
    """Unlike the agent's direction, which is INGRESS or EGRESS."""
    (drops,), (agent,) = entries("hubble_drop_total"), entries("cilium_drop_count_total")
    assert drops.values_on("traffic_direction", NEWEST) == ("egress", "ingress", "unknown")
    assert agent.values_on("direction", NEWEST) == ("INGRESS", "EGRESS", "SERVICE", "UNKNOWN")
    assert agent.values_on("traffic_direction", NEWEST) == ()


@pytest.mark.fault("a fifth label in `dns` takes rcode away from the DNS boards, a ninth stops the agent")
@pytest.mark.parametrize("own", [(), ("query",), ("Query", "ignoreAAAA")])
@pytest.mark.parametrize("count", range(len(CONTEXT_LABELS) + 1))
def test_dns_mixes_labels_up(count: int, own: tuple[str, ...]) -> None:
    """The real handler's result for each number of context labels; tests/oracle runs it again for each release."""
    handler = Handler("dns", (*own, *((f"labelsContext={','.join(CONTEXT_LABELS[:count])}",) if count else ())))
    lost = count in (5, 9, 10, 11, 12, 13)
    assert handler.loses_rcode == lost
    assert handler.stops_agent == (bool(own) and 9 <= count <= 12)
    for name in ("hubble_dns_queries_total", "hubble_dns_responses_total"):
        (metric,) = entries(name)
        for release in RELEASES:
            labels = metric.labels_on(release, handler.options)
            assert ("rcode" in labels, "type" in labels) == (not lost, lost)
    (types,) = entries("hubble_dns_response_types_total")
    assert types.labels_on(NEWEST, handler.options)[:2] == ("type", "qtypes")


def test_source_and_destination_count_with_the_context_labels() -> None:
    """Four labels and sourceContext are five; no other handler minds."""
    five_labels = (f"labelsContext={','.join(CONTEXT_LABELS[:4])}", "sourceContext=pod", "sourceEgressContext=ip")
    assert Handler("dns", five_labels).loses_rcode
    assert not Handler("drop", five_labels).loses_rcode
    assert not Handler("dns", (*five_labels, "destinationContext=pod")).loses_rcode
