"""Invalid names and durations are usage errors, before any request."""

import click
import pytest
from click.testing import CliRunner

from dashboards_py.cli import cli
from dashboards_py.cli._names import (
    CONTEXT,
    HELM_RELEASE,
    INTERVAL,
    NAMESPACE,
    NAMESPACED_NAME,
    TIMEOUT,
    PatternType,
)

# Checked by hand against `helm template NAME` of 4.3 and `promtool check config` of 3.14; otherwise by the patterns
# of Kubernetes (IsDNS1123Label, IsDNS1123Subdomain) and Go (time.ParseDuration).
VALID = {
    NAMESPACE: ("a", "kube-system", "1", "a" * 63),
    NAMESPACED_NAME: ("", "monitoring/k8s", "a/b.c"),
    HELM_RELEASE: ("a", "a.b", "kube-prometheus", "a" * 53),
    CONTEXT: ("kind-x", "arn:aws:eks:eu-central-1:1:cluster/x", "admin@cluster", "mit Leerzeichen"),
    INTERVAL: ("30s", "1m30s", "1h", "1d", "500ms", "1y2w3d4h5m6s7ms"),
    TIMEOUT: ("10m", "1h30m", "600s", "1.5h", "90s"),
}
INVALID = {
    NAMESPACE: ("", "A", "a_b", "-a", "a-", "a.b", "a" * 64, "a b", "a\n", "--debug"),
    NAMESPACED_NAME: ("a", "/", "a/", "/b", "a/b/c", "A/b"),
    HELM_RELEASE: ("", "A", "a_b", "a.", ".a", "a" * 54, "a\n"),
    CONTEXT: ("", "a\x1b[2J", "a\n"),
    INTERVAL: (
        "",
        "abc",
        "5",
        "1.5m",
        "30 s",
        "0s",
        "0",
        "-1s",
        "1s1m",
        "30s\n",
        "٣s",
        "1h٣s",
        "999y",
        "9" * 5000 + "s",
    ),
    TIMEOUT: ("", "abc", "10", "0s", "-1m", "1d", "10 m", "1h٣s"),
}


@pytest.mark.parametrize(
    ("form", "text"),
    [(form, text) for form, texts in VALID.items() for text in texts],
    ids=lambda value: str(value)[:40],
)
def test_valid_names(form: PatternType, text: str) -> None:
    """A valid name is returned unchanged."""
    assert form.convert(text, None, None) == text


@pytest.mark.fault("`--interval abc`, `--release ''` and an invalid namespace are accepted")
@pytest.mark.parametrize(
    ("form", "text"),
    [(form, text) for form, texts in INVALID.items() for text in texts],
    ids=lambda value: repr(value)[:40],
)
def test_invalid_names(form: PatternType, text: str) -> None:
    """The error says what the value must be."""
    with pytest.raises(click.BadParameter, match=" is not "):
        form.convert(text, None, None)


@pytest.mark.fault("`--interval abc`, `--release ''` and an invalid namespace are accepted")
@pytest.mark.parametrize(
    ("args", "option"),
    [
        (("values", "--interval", "abc"), "--interval"),
        (("values", "stack", "--interval", "0s"), "--interval"),
        (("values", "--release", ""), "--release"),
        (("cluster", "plan", "--interval", "abc"), "--interval"),
        (("cluster", "plan", "--release", ""), "--release"),
        (("cluster", "up", "--namespace", "A_b"), "--namespace"),
        (("cluster", "up", "--timeout", "ten minutes"), "--timeout"),
        (("cluster", "down", "--context", ""), "--context"),
        (("cluster", "plan", "--kubeconfig", "nosuch"), "--kubeconfig"),
        (("lint", "nosuch.json", "--interval", "9" * 5000 + "s"), "--interval"),
        (("cluster", "verify", "--prometheus", "k8s"), "--prometheus"),
        (("deploy", "configmaps", "--namespace", "A_b"), "--namespace"),
        (("deploy", "configmaps", "--context", ""), "--context"),
    ],
    ids=lambda value: " ".join(word[:20] for word in value) if isinstance(value, tuple) else value,
)
def test_commands_refuse_before_any_request(args: tuple[str, ...], option: str) -> None:
    """Exit 2, and the error names the option."""
    result = CliRunner().invoke(cli, args)
    assert result.exit_code == 2
    assert f"Invalid value for '{option}'" in result.stderr
