"""Every value that is printed is proved on its way out."""

from collections.abc import Mapping
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from dashboards_py.catalog import RELEASES, Release
from dashboards_py.cli import cli
from dashboards_py.errors import DashboardsError
from dashboards_py.kubernetes.template import chart_refusal
from dashboards_py.values import files
from dashboards_py.values.proof import refusals
from tests.components import path_of, require

STATIC = "hubble: {metrics: {enabled: [%s]}}"
DYNAMIC = "hubble: {metrics: {dynamic: {enabled: true, config: {content: %s}}}}"
# By text that would be printed: the user's values, the release, and what is wrong on top of them.
PRINTED: Mapping[str, tuple[str, str, str]] = {
    STATIC % "dns, drop": ("{}", "1.20", ""),
    STATIC % "http, httpV2": ("{}", "1.20", "does not accept http together with httpV2"),
    STATIC % "http,httpV2,dns": (STATIC % "http, httpV2", "1.20", ""),
    STATIC % "'dns:query', dns": ("{}", "1.20", "duplicate handler dns"),
    STATIC % "kafka": ("{}", "1.20", "kafka"),
    STATIC % "dns": (DYNAMIC % "[{name: drop}]", "1.20", "Cilium accepts one of them"),
    DYNAMIC % "[{name: http}, {name: httpV2}]": ("{}", "1.19", "does not accept http together with httpV2"),
    "hubble: {serviceMonitor: {enabled: true}}": ("{}", "1.20", "hubble.serviceMonitor is not a key of the chart"),
    "metrics: {enabled: true}": ("{}", "1.20", "metrics is not a key of the chart"),
}


@pytest.mark.fault("values that are printed for a user's values are refused by Helm or Cilium")
@pytest.mark.parametrize(("printed", "case"), PRINTED.items(), ids=PRINTED)
def test_printed_values_are_proved(monkeypatch: pytest.MonkeyPatch, printed: str, case: tuple[str, str, str]) -> None:
    """What Cilium or its chart refuses is named, and the command prints none of it."""
    user_values, release, text = case
    refused = refusals(yaml.safe_load(printed), yaml.safe_load(user_values), Release.parse(release))
    assert text in "; ".join(refused) if text else refused == ()
    if user_values == "{}":
        monkeypatch.setattr("dashboards_py.values.files.cilium_text", lambda *_: printed)
        result = CliRunner().invoke(cli, ["values", "--board", "hubble-dns", "--cilium", release])
        assert (result.stdout == "", isinstance(result.exception, DashboardsError)) == (bool(text), bool(text))


@pytest.mark.fault("values that are written to files are refused by Helm or Cilium")
@pytest.mark.parametrize("release", [RELEASES[0], RELEASES[-1]], ids=str)
def test_written_values_are_proved(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, release: Release) -> None:
    """If those of one release would be refused, no file is written; what is written is accepted by each chart."""
    wrong = "hubble: {metrics: {enabled: [http, httpV2]}}\n"
    with monkeypatch.context() as patched:
        written = files.cilium_text
        patched.setattr(files, "cilium_text", lambda *args: wrong if args[1] == release else written(*args))
        result = CliRunner().invoke(cli, ["values", "--write", str(tmp_path)])
    assert "would not be accepted" in str(result.exception)
    assert list(tmp_path.iterdir()) == []


def test_written_values_are_rendered(tmp_path: Path) -> None:
    """Real Helm renders the real chart of each release with the file that is written for it."""
    require("helm")
    charts = {Release.parse(chart.stem.split("-")[1]): chart for chart in Path(path_of("charts")).glob("cilium-1*.tgz")}
    assert CliRunner().invoke(cli, ["values", "--write", str(tmp_path)]).exit_code == 0
    for release in RELEASES:
        values = yaml.safe_load((tmp_path / f"cilium-{release}.yaml").read_text())
        assert chart_refusal(charts[release], values) == ""
