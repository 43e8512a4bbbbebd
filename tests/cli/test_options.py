"""Every option of every command changes something, or is refused, in each mode of the command: none is ignored."""

import json
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from dashboards_py.cli import cli
from tests.cli.test_cli import ROOT
from tests.cli.test_run import commands
from tests.upstream.test_answers import written

# Modes by command: the arguments that bring them about. BOARD is a dashboard of 1.1 MiB, VALUES is somebody's values,
# STACK those of a stack, OBJECT a Prometheus,
# ORIGINALS a directory with a board of upstream's, OUT a directory with files that were deployed and one edited since.
MONITOR = "hubble.metrics.serviceMonitor"
NATIVE = "prometheus.prometheusSpec.scrapeNativeHistograms"
MODES: Mapping[str, Mapping[str, str]] = {
    "catalog": {"all": "", "a pattern": "drop*", "a metric": "cilium_drop_count_total"},
    "compile": {"write": "--out OUT --cilium 1.17", "check": "--check --out OUT --cilium 1.17"},
    "completion": {"bash": "bash"},
    "deploy files": {"ours": "--out OUT", "with theirs": "--out OUT --with-upstream --boards ORIGINALS"},
    "lint": {"ours": "", "one of ours": "hubble-dns", "a file": "BOARD", "manual": "--explain all"},
    "list": {"all": ""},
    "outline": {"ours": "cilium-agent", "a file": "BOARD", "no dashboard": "VALUES"},
    "show": {"one": "cilium-agent"},
    "upstream": {"all": "--boards ORIGINALS", "one": "--panels 21431 --boards ORIGINALS", "fetch": "fetch --help"},
    "upstream fetch": {"one": "21431 --address http://127.0.0.1:1"},
    "values": {
        "print": "",
        "stack": "stack",
        "check the stack": "stack --check STACK",
        "check an object": "stack --check OBJECT",
        "a board": "--board BOARD",
        "check": "--check VALUES",
        "set": f"--set {MONITOR}.enabled=true,{MONITOR}.labels.release=prometheus",
        "merge": "--merge-with VALUES",
        "write": "--write OUT/values",
        "check what is written": "--check-written OUT/values",
    },
}
PATHS: Mapping[str, str] = {
    "BOARD": "board.json",
    "VALUES": "mine.yaml",
    "STACK": "stack.yaml",
    "OBJECT": "object.yaml",
    "ORIGINALS": "originals",
}
# What each option is tried with, by its name; a flag needs no value.
NEW = "cilium_fragmented_count_total"  # that the oldest release lacks
TRIED: Mapping[str, str] = {
    "--address": "http://127.0.0.1:2",
    "--board": "hubble-dns",
    "--boards": "ORIGINALS",
    "--check": "VALUES",
    "--check-written": "OUT",
    "--cilium": "1.16",
    "--explain": "no-unit",
    "--interval": "10s",
    "--max-size": "1",
    "--merge-with": "VALUES",
    "--out": "OTHER",
    "--panels": "21431",
    "--path": "/srv/boards",
    "--peer-label": "workload",
    "--release": "kps",
    "--set": f"prometheus.enabled=true,{NATIVE}=false",
    "--set-json": '{"prometheus":{"enabled":true,"prometheusSpec":{"scrapeInterval":"1m"}}}',
    "--set-string": f"{MONITOR}.labels.release=1,{NATIVE}=false",
    "--write": "OUT/more",
}
# They talk to a cluster or to Grafana, or do not end: test_options_connected.py holds their options.
CLUSTER = {"cluster plan", "cluster up", "cluster verify", "cluster down"}
ELSEWHERE = {"deploy configmaps", "deploy grafana", "dev", *CLUSTER}
# Where this test cannot see what an option does, and why.
UNSEEN = {
    (
        "compile",
        "write",
        "--peer-label",
    ): "a file of OUT was edited: nothing is written, and its name is all that is printed",
    (
        "compile",
        "check",
        "--peer-label",
    ): "a file of OUT was edited: nothing is written, and its name is all that is printed",
    ("show", "one", "--peer-label"): "that board shows no flows",
    ("values", "set", "--peer-label"): "the flag has no handlers, so that the same panels are empty",
    ("outline", "a file", "--textconv"): "it is for files that are not dashboards, as in the next mode",
    ("outline", "no dashboard", "--max-size"): "the file is small",
    ("upstream fetch", "one", "--out"): "nothing is fetched without a server: tests/upstream does",
}
Outcome = tuple[int, str, str, dict[str, bytes]]


def outcome(at: Path, line: str) -> Outcome:
    """Exit code, what was printed, and the files of OUT and OTHER after a command in a directory made anew."""
    prepare(at)
    paths = {
        "BOARD": "board.json",
        "VALUES": "mine.yaml",
        "STACK": "stack.yaml",
        "OBJECT": "object.yaml",
        "ORIGINALS": "originals",
    }
    args = [paths.get(word, word).replace("OUT", "out").replace("OTHER", "other") for word in line.split()]
    result = CliRunner().invoke(cli, args)
    files = {str(path.relative_to(at)): path.read_bytes() for path in sorted(at.rglob("*")) if path.is_file()}
    return result.exit_code, result.stdout, f"{result.stderr}{result.exception}", files


def prepare(at: Path) -> None:
    """The files that the modes name."""
    for child in at.iterdir():
        shutil.rmtree(child) if child.is_dir() else child.unlink()
    window = "rate(cilium_drop_count_total[40s])"  # too short for one scrape in 30 s, not for one in 10 s
    path = written(at, "board.json", A="rate(cilium_bpf_map_pressure[1m])", Drops=window)
    path.write_text(json.dumps(json.loads(path.read_text()), indent=2) + " " * 1_200_000)
    (at / "originals").mkdir()
    written(at / "originals", "21431.json", Drops="rate(cilium_drop_count_total[1m])", New=f"rate({NEW}[1m])")
    monitor = "{enabled: true, labels: {release: prometheus}}"
    (at / "mine.yaml").write_text(f"hubble: {{metrics: {{serviceMonitor: {monitor}, enabled: [drop]}}}}\n")
    selector = "{matchLabels: {release: prometheus}}"
    spec = f"{{scrapeNativeHistograms: true, scrapeInterval: 15s, serviceMonitorSelector: {selector}}}"
    (at / "stack.yaml").write_text(f"prometheus: {{prometheusSpec: {spec}}}\n")
    spec = f"{{scrapeNativeHistograms: true, serviceMonitorSelector: {selector}}}"
    kind = "apiVersion: monitoring.coreos.com/v1\nkind: Prometheus\n"
    (at / "object.yaml").write_text(f"{kind}metadata: {{name: k8s, namespace: x}}\nspec: {spec}\n")
    shutil.copytree(ROOT / "cluster-setup" / "values", at / "out" / "values")
    edited = at / "out" / "dashboards" / "Hubble" / "hubble-dns.json"
    edited.parent.mkdir(parents=True, exist_ok=True)
    edited.write_text("{}")


def cases() -> Iterator[tuple[str, str, click.Parameter]]:
    """Every command that is tried here, its modes, and each of its options."""
    for path, command in commands():
        name = " ".join(path)
        for mode, base in MODES.get(name, {}).items():
            for param in command.params:
                tried = isinstance(param, click.Option) and param.name != "debug" and param.opts[0] not in base.split()
                if tried and (name, mode, param.opts[0]) not in UNSEEN:
                    yield name, mode, param


def test_no_command_is_forgotten() -> None:
    """A new command gets its modes here; a new target's options are tried by its own tests."""
    single = {" ".join(path) for path, command in commands() if path and not isinstance(command, click.Group)}
    targets = {name for name in single if name.startswith("deploy ")} - set(MODES)
    assert single - ELSEWHERE - targets == set(MODES) - {"upstream"}


PLAIN: dict[tuple[str, str], Outcome] = {}


@pytest.mark.fault("an option that means nothing is ignored without a word")
@pytest.mark.parametrize(
    ("command", "mode", "option"),
    [pytest.param(*case, id=f"{case[0]}, {case[1]}: {case[2].opts[0]}") for case in cases()],
)
def test_an_option_changes_something_or_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str, mode: str, option: click.Parameter
) -> None:
    """The mode without and with the option: another outcome, or a usage error that says which option means nothing."""
    monkeypatch.chdir(tmp_path)
    base, name = MODES[command][mode], option.opts[0]
    words = name if getattr(option, "is_flag", False) else f"{name} {TRIED[name]}"
    before, after = ("", base) if mode == "fetch" else (base, "")
    if (command, mode) not in PLAIN:
        PLAIN[command, mode] = outcome(tmp_path, f"{command} {base}")
    changed = outcome(tmp_path, f"{command} {before} {words} {after}")
    assert changed != PLAIN[command, mode], f"{words} is ignored"
    if "Usage:" in changed[2]:
        assert name in changed[2] or "means nothing" in changed[2], changed[2]
