"""Building at an exact version: missing tools are reported, pins used, and modules that are not served left out."""

import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from dashboards_py.errors import DashboardsError
from tests.components import require
from tests.oracle import build, facts, release

ROOT = Path(__file__).parents[2]
CILIUM = """module github.com/cilium/cilium

go 1.26.0

require (
\tgithub.com/osrg/gobgp/v4 v4.6.1-0.2026
\tgithub.com/prometheus/client_golang v1.23.2
)

replace (
\texample.org/a => example.org/fork-a v1.0.0
\texample.org/b => example.org/fork-b v2.0.0
)
"""


def on_path(directory: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """A `go` that answers like that, and nothing else on PATH but the shell's own tools."""
    program = directory / "go"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{directory}:/usr/bin:/bin")


def test_without_go_it_says_what_to_install(tmp_path: Path) -> None:
    """The command ends with the usage code and one line that names Go and its version; nothing is written."""
    environment = {**os.environ, "PATH": str(tmp_path), "ORACLE_HOME": str(tmp_path / "home")}
    process = subprocess.run(
        [sys.executable, "-m", "tests.oracle", facts.versions()[-1]],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert process.returncode == 2
    assert process.stderr.splitlines()[0] == "Error: go: is not on PATH"
    assert "install Go 1.26 or newer" in process.stderr
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize("arguments", [(), ("1.20",), ("main",), ("1.20.2", "committed", "more")])
def test_anything_but_one_exact_version_is_a_usage_error(arguments: tuple[str, ...]) -> None:
    """`make catalogue` without CILIUM, or with a release that moves, ends with the line that says how to call it."""
    process = subprocess.run(
        [sys.executable, "-m", "tests.oracle", *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (process.returncode, process.stderr.startswith("Error: usage: make catalogue CILIUM=1.20.2")) == (2, True)


def test_a_go_that_is_too_old_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Cilium's module needs a newer one, which Go would fetch by itself if it were let."""
    on_path(tmp_path, monkeypatch, "echo go1.25.3")
    with pytest.raises(DashboardsError, match=r"Cilium needs 1\.26"):
        build.require_go()


def test_a_go_that_fails_is_quoted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The end of what it complained of is in the error."""
    on_path(tmp_path, monkeypatch, "echo 'cannot find module' >&2; exit 1")
    with pytest.raises(DashboardsError, match="cannot find module"):
        build.go("build", cwd=tmp_path)


def test_what_is_pinned_is_what_is_built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """go.mod and go.sum of the version are the committed ones, outside of the tree."""
    on_path(tmp_path, monkeypatch, "echo go1.26.0")
    monkeypatch.setenv("ORACLE_HOME", str(tmp_path / "home"))
    version = max(path.name for path in build.MODULES.iterdir())
    directory = build.prepare(version)
    assert directory == tmp_path / "home" / version
    for name in build.PINNED:
        assert (directory / name).read_bytes() == (build.MODULES / version / name).read_bytes()


@pytest.mark.parametrize("version", facts.versions())
def test_pins_are_of_the_exact_version(version: str) -> None:
    """No build has raised the version of Cilium that is pinned."""
    assert build.cilium_of((build.MODULES / version / "go.mod").read_text()) == f"v{version}"


def test_a_program_that_needs_another_cilium_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Go takes a newer module where a package is missing: no binary is kept, and neither pin changes."""
    version = facts.versions()[0]
    raising = f"""case $1 in
env) echo go1.26.0 ;;
build) while [ $# -gt 1 ]; do [ "$1" = -o ] && touch "$2"; shift; done; sed -i 's/v{version}$/v1.99.0/' go.mod ;;
esac"""
    on_path(tmp_path, monkeypatch, raising)
    monkeypatch.setenv("ORACLE_HOME", str(tmp_path / "home"))
    pins = [(build.MODULES / version / name).read_bytes() for name in build.PINNED]
    with pytest.raises(DashboardsError, match=rf"does not build on Cilium {version}: it needs a package of v1\.99\.0"):
        build.build(version, ["hubble"])
    assert not list((tmp_path / "home" / version / "bin").iterdir())
    assert [(build.MODULES / version / name).read_bytes() for name in build.PINNED] == pins


def test_a_fork_that_is_not_served_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Cilium's replacements are used; those that the proxy lacks are named and replaced by the nearest version."""
    (tmp_path / "go.mod").write_text(CILIUM)
    monkeypatch.setattr(build, "source_of", lambda *_: tmp_path)
    monkeypatch.setattr(build, "served", lambda module, _: module == "example.org/fork-a")
    assert build.resolved("1.20.2").splitlines() == [
        "module oracle",
        "",
        "go 1.26.0",
        "",
        "require github.com/cilium/cilium v1.20.2",
        "replace example.org/a => example.org/fork-a v1.0.0",
        "// left out: example.org/b => example.org/fork-b v2.0.0",
        "replace github.com/osrg/gobgp/v4 => github.com/osrg/gobgp/v4 v4.7.0 // instead of v4.6.1-0.2026",
    ]


def test_an_unknown_program_is_named(tmp_path: Path) -> None:
    """The error lists those that there are."""
    with pytest.raises(DashboardsError, match=r"declared, defined, hubble, peers, servers, hubble-relay"):
        build._package("nonsense", tmp_path)


@pytest.mark.parametrize("text", ["1.20", "v1.20.2", "1.20.2 ", "", "main", "1.20.x"])
def test_only_an_exact_version_is_one(text: str) -> None:
    """What is derived must be the same tomorrow."""
    assert not release.is_version(text)
    assert release.is_version("1.20.2")
    assert release.is_version("1.21.0-rc.1")


def test_a_new_release_is_admitted(tmp_path: Path) -> None:
    """The release after the newest joins the range and its chart the pinned ones; a known one changes nothing."""
    releases, charts = tmp_path / "release.py", tmp_path / "versions.env"
    releases.write_text("RELEASES = tuple(Release(1, minor) for minor in range(16, 21))\n")
    charts.write_text('X=1\nCILIUM_VERSIONS="1.19.6 1.20.0"\n')
    assert not release.admit("1.20.2", releases, charts)
    assert release.admit("1.21.0", releases, charts)
    assert releases.read_text() == "RELEASES = tuple(Release(1, minor) for minor in range(16, 22))\n"
    assert charts.read_text() == 'X=1\nCILIUM_VERSIONS="1.19.6 1.20.0 1.21.0"\n'
    assert not release.admit("1.21.0", releases, charts)
    for version in ("1.23.0", "1.15.0", "2.0.0"):
        with pytest.raises(DashboardsError, match="nor the next release"):
            release.admit(version, releases, charts)


def test_the_real_files_have_the_shape_that_is_looked_for(tmp_path: Path) -> None:
    """The list of releases and that of the charts are found in the project's own files."""
    copies = [Path(shutil.copy(path, tmp_path)) for path in (release.RELEASES, release.CHARTS)]
    newest = facts.versions()[-1].split(".")
    following = f"{newest[0]}.{int(newest[1]) + 1}.0"
    assert release.admit(following, *copies)
    assert f", {int(newest[1]) + 2})" in copies[0].read_text()
    assert f'{following}"' in copies[1].read_text()


def defined(directory: Path) -> list[Mapping[str, Any]]:
    """What `defined` says of the module in a directory."""
    sources, binary = build.DIRECTORY / "defined", directory / "defined"
    build.go("build", "-o", str(binary), *build.files(sources), cwd=sources)
    from tests.oracle.run import lines, program

    return lines(program(binary, f"{directory / 'module'}=example.org/m"))


def test_the_source_is_read(tmp_path: Path) -> None:
    """`defined` finds literals, constants of other packages, computed namespaces, constant labels and thresholds."""
    require("go")
    package = tmp_path / "module" / "pkg" / "things"
    package.mkdir(parents=True)
    (tmp_path / "module" / "pkg" / "names").mkdir()
    (tmp_path / "module" / "pkg" / "names" / "names.go").write_text(
        'package names\nconst Outcome = "outcome"\nvar Namespace = "cilium"\nconst Sub = "fo" + "o"\n'
    )
    (package / "things.go").write_text(
        """package things

import n "example.org/m/pkg/names"

var labels = []string{n.Outcome, "kind"}

func New(name string) {
	NewCounterVec(CounterOpts{Namespace: n.Namespace, Subsystem: n.Sub, Name: "runs_total"}, labels)
	options := GaugeOpts{Namespace: "fixed", Name: "level", ConstLabels: Labels{"queue": name}}
	NewGauge(options)
	NewDesc(BuildFQName(n.Namespace, "", "described"), "help", []string{"a"}, nil)
	NewHistogramVec(HistogramOpts{Name: "own"}, append(h.GetLabelNames(), "method"))
	NewHistogram(HistogramOpts{Namespace: n.Namespace, Name: name + "_folds"})
	r.NewGaugeWithThreshold("pressure", "bpf", "help", map[string]string{"map": name}, 0.1)
	NewGauge(GaugeOpts{Namespace: n.Namespace, Name: name})
}
"""
    )
    (package / "things_test.go").write_text('package things\nfunc t() { NewGauge(GaugeOpts{Name: "of_a_test"}) }\n')
    rows = defined(tmp_path)
    definitions = {row["name"]: (row.get("type"), row.get("labels"), row.get("labels_known", False)) for row in rows}
    assert definitions == {
        "*_foo_runs_total": ("counter", ["outcome", "kind"], True),
        "fixed_level": ("gauge", ["queue"], True),
        "*_described": (None, ["a"], True),
        "own": ("histogram", ["method"], True),
        "*_*_folds": ("histogram", None, True),
        "*_bpf_pressure": ("gauge", ["map"], True),
    }
    assert all(row["at"].startswith("pkg/things/things.go:") for row in rows)


WRITES = """package things

import (
	"strconv"

	"example.org/m/pkg/names"
)

var (
	Runs   = names.Nothing
	colour = map[int]string{1: "red", 2: "blue"}
	inside = prometheus.Labels{"side": "in"}
)

type Metrics struct{ RunsTotal, Held, Sides any }

func New() Metrics {
	return Metrics{
		RunsTotal: NewCounterVec(CounterOpts{Name: "runs_total"}, []string{"outcome", "who", "valid"}),
		Held:      NewGaugeVec(GaugeOpts{Name: "held"}, []string{"colour", "level"}),
		Sides:     NewCounterVec(CounterOpts{Name: "sides"}, []string{"side"}),
	}
}

func Set(m Metrics) { Runs = m.RunsTotal }

func Outcome(err error) string {
	if err != nil {
		return names.Fail
	}
	return "success"
}

type level int

func (l level) String() string {
	if l > 1 {
		return "high"
	}
	return "low"
}

func (m *Metrics) hold(l level, which int) { m.Held.WithLabelValues(colour[which], l.String()).Inc() }

func count(err error, who string, ok bool) {
	Runs.WithLabelValues(Outcome(err), who, strconv.FormatBool(ok)).Inc()
}

func callers(name string) {
	count(nil, "me", true)
	count(nil, name, true)
	m.Sides.With(inside).Inc()
	m.Sides.With(prometheus.Labels{"side": "out"}).Inc()
}

var described = NewDesc("described", "help", []string{"usage"}, nil)

func Collect() {
	usage := "events"
	if other {
		usage = "pings"
	}
	prometheus.MustNewConstMetric(described, prometheus.CounterValue, 1, usage)
}
"""


def test_what_the_source_writes_into_labels_is_read(tmp_path: Path) -> None:
    """Constants, tables, variables, parameters, and what functions and methods return; the rest is open."""
    require("go")
    for name, text in (("names", 'package names\nconst Fail = "fail"\n'), ("things", WRITES)):
        (tmp_path / "module" / "pkg" / name).mkdir(parents=True)
        (tmp_path / "module" / "pkg" / name / "code.go").write_text(text)
    rows = {row["name"]: row for row in defined(tmp_path)}
    assert {name: (row["type"], row.get("written"), row.get("open")) for name, row in rows.items()} == {
        "runs_total": (
            "counter",
            {"outcome": ["fail", "success"], "valid": ["false", "true"], "who": ["me"]},
            ["who"],
        ),
        "held": ("gauge", {"colour": ["blue", "red"], "level": ["high", "low"]}, None),
        "sides": ("counter", {"side": ["in", "out"]}, None),
        "described": ("counter", {"usage": ["events", "pings"]}, None),
    }
