import json

import pytest
from click.testing import CliRunner

from dashboards_py.catalog import RELEASES
from dashboards_py.cli.catalog import command
from dashboards_py.errors import DashboardsError


def run(*arguments: str) -> str:
    """Standard output of `catalog`; errors are raised."""
    return CliRunner().invoke(command, arguments, catch_exceptions=False, standalone_mode=False).output


def test_everything_about_a_metric() -> None:
    """Component, port, ServiceMonitor, pods, labels, values by release, Helm values, and a line for each release."""
    rows = [f"  {release!s:<8} exported        counter    cilium-operator has it.\n" for release in RELEASES]
    assert run("cilium_operator_errors_warnings_total") == "".join(
        [
            """\
cilium_operator_errors_warnings_total
  Log lines at error/warning level by subsystem

  component       cilium-operator: port 9963 (metrics), ServiceMonitor cilium-operator, pods cilium-operator.*
  labels          level, subsystem
  from scraping   container, endpoint, instance, io_cilium_app, job, namespace, pod, service
    level         error, warning (from 1.16); ERROR, WARN (from 1.18)
  Helm values     operator.prometheus.enabled=true, operator.prometheus.serviceMonitor.enabled=true

  RELEASE  STATE           TYPE       WHY
""",
            *rows,
        ]
    )


def test_one_release_and_the_series_of_a_histogram() -> None:
    """A name with a suffix is accepted, and the state is that of this series."""
    assert run("cilium_agent_bootstrap_seconds_bucket", "--cilium", "1.18").splitlines()[-1] == (
        "  1.18     removed         gauge      "
        "cilium_agent_bootstrap_seconds is a gauge since 1.18, no longer a histogram. "
        "Use cilium_agent_bootstrap_seconds."
    )


def test_a_shared_name_is_printed_once_for_each_component() -> None:
    """Relay and the Hubble server have a paragraph each."""
    component_lines = [line for line in run("grpc_server_handled_total").splitlines() if line.startswith("  component")]
    assert [line.split(":")[0].split()[-1] for line in component_lines] == ["hubble", "hubble-relay"]


def test_a_metric_that_nothing_scrapes() -> None:
    """The output reports it instead of naming a port."""
    assert "The chart renders nothing that scrapes it." in run("standalone_dns_proxy_proxy_bootstrap_errors")


def test_json_has_the_same_facts() -> None:
    """The JSON has one object for each component."""
    (row,) = json.loads(run("cilium_ipam_capacity", "--cilium", "1.19", "--json"))
    assert row["component"]["service_monitor"] == "cilium-agent"
    assert row["releases"] == [
        {
            "release": "1.19",
            "state": "exported",
            "reason": "cilium-agent has it.",
            "fix": "",
            "replaced_by": [],
            "type": "gauge",
            "labels": ["family"],
            "values": {"family": {"known": ["ipv4", "ipv6"], "complete": True}},
            "helm": ["prometheus.enabled=true", "prometheus.serviceMonitor.enabled=true"],
        }
    ]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        (
            "cilium_drop_cont_total",
            f"metric 'cilium_drop_cont_total': no component of Cilium {RELEASES[0]} to {RELEASES[-1]} "
            "exposes a metric of this name\n"
            "  did you mean cilium_drop_count_total or cilium_drop_bytes_total?",
        ),
        (
            "cilium_version_sum",
            "metric 'cilium_version_sum': cilium_version is a gauge: it has no _sum\n  did you mean cilium_version?",
        ),
        ("up", "metric 'up': is not Cilium's: Prometheus writes it for every target"),
    ],
)
def test_an_unknown_metric_is_bad_input(name: str, message: str) -> None:
    """Exit code 2, with similar names if there are any."""
    with pytest.raises(DashboardsError) as caught:
        run(name)
    assert (str(caught.value), caught.value.exit_code) == (message, 2)


def test_an_unknown_release_is_bad_input() -> None:
    """The error lists the known releases."""
    with pytest.raises(DashboardsError, match=r"is not one of 1\.16, 1\.17"):
        run("cilium_version", "--cilium", "1.5")


@pytest.mark.fault("catalog neither lists nor searches")
@pytest.mark.parametrize(
    ("text", "present", "missing"),
    [
        ((), "cilium_drop_count_total", "nothing"),
        (("drop*",), "hubble_drop_total", "cilium_bpf_map_pressure"),
        (("hubble_d?s_*",), "hubble_dns_queries_total", "hubble_drop_total"),
        (("PRESSURE",), "cilium_bpf_map_pressure", "hubble_drop_total"),
        (("log lines",), "cilium_operator_errors_warnings_total", "hubble_drop_total"),
    ],
    ids=["all", "end of a name", "whole name", "word", "words of the help"],
)
def test_a_list_of_metrics(text: tuple[str, ...], present: str, missing: str) -> None:
    """Without an argument, by a pattern, by a word of name or help: a table, and the same as JSON."""
    rows = run(*text).splitlines()
    assert rows[0].split() == ["METRIC", "COMPONENT", "RELEASES", "HELP"]
    result = [row.split()[0] for row in rows[1:]]
    assert present in result
    assert missing not in result
    assert [row["name"] for row in json.loads(run(*text, "--json"))] == result


@pytest.mark.fault("catalog neither lists nor searches")
def test_a_list_for_one_release() -> None:
    """Only metrics of the release; for others the error says that other releases have them."""
    old, new = (json.loads(run("--json", "--cilium", release)) for release in ("1.16", "1.20"))
    assert {row["name"] for row in old} - {row["name"] for row in new}
    assert {row["name"] for row in new} - {row["name"] for row in old}
    assert [row["name"] for row in old if "1.16" not in row["releases"]] == []
    assert [row["name"] for row in new if "1.20" not in row["releases"]] == []
    with pytest.raises(DashboardsError, match=r"does not exist on Cilium 1\.16\n  other releases have it"):
        run("fragmented", "--cilium", "1.16")


@pytest.mark.parametrize(
    ("text", "message"), [("no*thing", "no metric has such a name"), ("nothing-here", "lists all")]
)
def test_no_match(text: str, message: str) -> None:
    """An error, with what to do."""
    with pytest.raises(DashboardsError, match=message):
        run(text)
