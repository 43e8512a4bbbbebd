"""What doctor advises can be done: the commands and options in fixes and pages are there."""

import re

import pytest

from dashboards_py.cli import cli
from dashboards_py.cli._remedies import fix_text
from dashboards_py.doctor import cause_ids, manual_page
from tests.cli.test_cluster_words import commands_in, refused_options
from tests.doctor.test_each_cause import CASES, explained
from tests.test_command_words import options_of

# Options of other programs that fixes and pages name, and whose they are.
OTHERS = {
    "--enable-feature": "Prometheus",
    "--no-query.partial-response": "Thanos",
    "--query.enforce-tenancy": "Thanos",
    "--query.lookback-delta": "Prometheus",
    "--query.replica-label": "Thanos",
    "--retention.resolution-raw": "Thanos",
    "--set": "Helm",
    "--storage.tsdb.retention.time": "Prometheus",
    "--web.route-prefix": "Prometheus",
}


def unknown_in(text: str) -> list[str]:
    """Commands of ours in a text that click refuses, and options that are nobody's."""
    commands = commands_in(text.replace("\n", " "))
    options = {option.rstrip(".") for option in re.findall(r"(?<![\w-])--[a-z][\w.-]*", text)}
    refused = [problem for line in commands if (problem := refused_options(line))]
    return [*refused, *sorted(options - OTHERS.keys() - set(options_of(cli)))]


@pytest.mark.fault("doctor's fix names an option that the command does not have")
@pytest.mark.parametrize("cause", CASES)
def test_what_a_fix_names(cause: str) -> None:
    """As the command line prints it."""
    for one in CASES[cause]:
        diagnosis = explained(cause, one)
        assert diagnosis
        assert unknown_in(fix_text(diagnosis.fix, "up")) == []


@pytest.mark.parametrize("cause", cause_ids())
def test_what_a_page_names(cause: str) -> None:
    """The pages in docs/doctor are these."""
    assert unknown_in(manual_page(cause)) == []


def test_what_is_reported() -> None:
    """An option that no command has, a command that there is not, an option of another command."""
    assert unknown_in("send it with --heading") == ["--heading"]
    assert unknown_in("`cilium-dashboards deploy grafana --cilium 1.20`") == []
    (refused,) = unknown_in("`cilium-dashboards list --header x`")
    assert "--header" in refused
