"""Every option of every command changes something, or is refused, in each mode of the command: none is ignored."""

import atexit
import json
import shutil
from collections.abc import Iterator, Mapping
from functools import cache
from hashlib import sha256
from pathlib import Path
from tempfile import mkdtemp

import click
import pytest
from click.testing import CliRunner

from dashboards_py.cli import cli
from tests.cli.test_cli import ROOT
from tests.cli.test_run import commands
from tests.upstream.test_answers import write_board

# The arguments of each mode, by command. BOARD is a dashboard of 1.1 MiB, VALUES is a user's values,
# STACK those of a stack, OBJECT a Prometheus,
# ORIGINALS a directory with a board of upstream's, OUT a directory with files that were deployed and one edited since,
# DEPLOYED one that `deploy files` wrote, with a file that is left over, and one that was edited.
MONITOR = "hubble.metrics.serviceMonitor"
NATIVE = "prometheus.prometheusSpec.scrapeNativeHistograms"
MODES: Mapping[str, Mapping[str, str]] = {
    "catalog": {"all": "", "a pattern": "drop*", "a metric": "cilium_drop_count_total"},
    "compile": {"write": "--out OUT --cilium 1.17", "check": "--check --out OUT --cilium 1.17"},
    "completion": {"bash": "bash"},
    "deploy files": {"ours": "--out DEPLOYED", "with theirs": "--out OUT --with-upstream --boards ORIGINALS"},
    "deploy operator": {"ours": "--out DEPLOYED"},
    "deploy perses": {"ours": "--out DEPLOYED"},
    "deploy resources": {"ours": "--out DEPLOYED"},
    "deploy v2": {"ours": "--out DEPLOYED"},
    "diff": {
        "files": "BOARD ORIGINALS",
        "ours": "BOARD hubble-dns",
        "pictures": "ORIGINALS BOARD --pictures pictures --demo empty",
    },
    "drift files": {"ours": "--out DEPLOYED", "with theirs": "--out DEPLOYED --with-upstream --boards ORIGINALS"},
    "drift operator": {"ours": "--out DEPLOYED"},
    "drift perses": {"ours": "--out DEPLOYED"},
    "drift resources": {"ours": "--out DEPLOYED"},
    "drift v2": {"ours": "--out DEPLOYED"},
    "keep": {"ours": "", "a file": "BOARD", "check": "--check VALUES"},
    "lint": {"ours": "", "one of ours": "hubble-dns", "a file": "BOARD", "manual": "--explain all"},
    "list": {"all": ""},
    "outline": {"ours": "cilium-agent", "a file": "BOARD", "no dashboard": "VALUES"},
    "preview": {
        "scenes": "--demo list",
        "ours": "cilium-bgp --demo --out pictures --format svg",
        "a file": "BOARD --demo --out pictures",
    },
    "show": {"one": "cilium-agent"},
    "upgrade": {
        "ours": "--from 1.18 --to 1.20",
        "one of ours": "hubble-overview --from 1.18 --to 1.20",
        "a file": "BOARD --from 1.18 --to 1.19",
    },
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
    "TEAM_STACK": "team.yaml",
    "ORIGINALS": "originals",
    "SETTINGS": "house.toml",
    "RULES": "rules.yaml",
    "DEPLOYED": "deployed",
}
# The value that each option is tried with; a flag needs none.
NEW = "cilium_fragmented_count_total"  # a metric that the oldest release lacks
TRIED: Mapping[str, str] = {
    "--api-version": "v1",
    "--instances": "app=grafana",
    "--address": "http://127.0.0.1:2",
    "--against": "HEAD",
    "--board": "hubble-dns",
    "--boards": "ORIGINALS",
    "--check": "VALUES",
    "--check-written": "OUT",
    "--cilium": "1.16",
    "--config": "SETTINGS",
    "--demo": "--",
    "--explain": "no-unit",
    "--format": "svg",
    "--from": "now-2h",
    "--header": "X-Scope-OrgID:a",
    "--interval": "10s",
    "--label": "site",
    "--max-size": "1",
    "--merge-with": "VALUES",
    "--out": "OTHER",
    "--panels": "21431",
    "--path": "/srv/boards",
    "--peer-label": "workload",
    "--pictures": "drawn",
    "--prometheus": "http://127.0.0.1:2",
    "--prometheus-ca-file": "nowhere.pem",
    "--release": "kps",
    "--render": "VALUES",
    "--rows": "all",
    "--rules": "RULES",
    "--scraped": "hubble,agent",
    "--selector": "team=net",
    "--set": f"prometheus.enabled=true,{NATIVE}=false",
    "--set-json": '{"prometheus":{"enabled":true,"prometheusSpec":{"scrapeInterval":"1m"}}}',
    "--set-string": f"hubble.enabled=no,{NATIVE}=false",
    "--severity": "warning",
    "--stack-values": "TEAM_STACK",
    "--theme": "light",
    "--to": "now-5m",
    "--values": "VALUES",
    "--var": "cluster=east",
    "--width": "900",
    "--without": "cilium-policy",
    "--write": "OUT/more",
}
# Commands that use a cluster or Grafana, or keep running: test_options_connected.py tests their options.
CLUSTER = {"cluster plan", "cluster up", "cluster verify", "cluster down"}
CONNECTED = {"deploy configmaps", "deploy grafana", "drift configmaps", "drift grafana", "dev", "doctor", *CLUSTER}
# Options whose effect this test cannot see, with the reason.
NOT_OBSERVABLE = {
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
    ("lint", "a file", "--skip-others"): "the file holds a dashboard: see test_lint_rules.py",
    ("diff", "files", "--cilium"): "these panels need the same values on both releases: the next mode shows it",
    ("diff", "pictures", "--cilium"): "as with files",
    ("compile", "write", "--recorded"): "as --peer-label: tests/test_provisioning.py has its effect",
    ("compile", "check", "--recorded"): "as --peer-label: tests/test_provisioning.py has its effect",
    ("preview", "a file", "--rows"): "the file has no rows",
    ("show", "one", "--peer-label"): "that board shows no flows",
    ("values", "set", "--peer-label"): "the flag has no handlers, so that the same panels are empty",
    ("outline", "a file", "--textconv"): "it is for files that are not dashboards, as in the next mode",
    ("outline", "no dashboard", "--max-size"): "the file is small",
    ("deploy files", "with theirs", "--prune"): "as without theirs",
    ("upstream fetch", "one", "--out"): "nothing is fetched without a server: tests/upstream does",
}
Outcome = tuple[int, str, str, dict[str, bytes]]


def outcome(directory: Path, line: str) -> Outcome:
    """Exit code, output, and files after a command in a newly prepared directory."""
    prepare(directory)
    if "DEPLOYED" in line:
        shutil.copytree(deployed(line.split()[1]), directory / "deployed")
    args = [PATHS.get(word, word).replace("OUT", "out").replace("OTHER", "other") for word in line.split()]
    result = CliRunner().invoke(cli, args)
    files = {
        str(path.relative_to(directory)): path.read_bytes() for path in sorted(directory.rglob("*")) if path.is_file()
    }
    return result.exit_code, result.stdout, f"{result.stderr}{result.exception}", files


@cache
def deployed(target: str) -> Path:
    """A directory that `deploy` to a target wrote, with a file that is left over, and one that was edited."""
    directory = Path(mkdtemp()) / "deployed"
    atexit.register(shutil.rmtree, directory.parent)
    CliRunner().invoke(cli, ["deploy", target, "--out", str(directory)])
    old, manifest = directory / "dashboards" / "Cilium" / "old.json", directory / ".cilium-dashboards.json"
    old.parent.mkdir(parents=True, exist_ok=True)
    old.write_text("{}")
    next(directory.rglob("hubble-dns.*")).write_text("{}")
    hashes = {"dashboards/Cilium/old.json": [sha256(b"{}").hexdigest()]}
    manifest.write_text(json.dumps({**json.loads(manifest.read_text()), **hashes}))
    return directory


def prepare(directory: Path) -> None:
    """Create the files that the modes use."""
    for child in directory.iterdir():
        shutil.rmtree(child) if child.is_dir() else child.unlink()
    window = "rate(cilium_drop_count_total[40s])"  # too short for one scrape in 30 s, not for one in 10 s
    relabelled = 'count(cilium_version{site="east"})'
    path = write_board(
        directory,
        "board.json",
        A="rate(cilium_bpf_map_pressure[1m])",
        Drops=window,
        Site=relabelled,
        Queue="cilium_operator_workqueue_depth",
    )
    path.write_text(json.dumps(json.loads(path.read_text()), indent=2) + " " * 1_200_000)
    (directory / "house.toml").write_text('refresh = "7m"\n[boards]\nwithout = ["hubble-dns", "cilium-policy"]\n')
    rule = "{alert: Drops, expr: cilium_drop_count_total > on () kube_node_info}"
    (directory / "rules.yaml").write_text(f"groups: [{{name: cilium, rules: [{rule}]}}]\n")
    (directory / "originals").mkdir()
    write_board(
        directory / "originals", "21431.json", Drops="rate(cilium_drop_count_total[1m])", New=f"rate({NEW}[1m])"
    )
    monitor = "{enabled: true, labels: {release: prometheus}}"
    drop = f"{{sourceLabels: [__name__], action: drop, regex: {NEW}|cilium_policy_max_revision}}"
    (directory / "mine.yaml").write_text(
        f"hubble: {{metrics: {{serviceMonitor: {monitor}, enabled: [drop]}}}}\n"
        f"prometheus: {{serviceMonitor: {{metricRelabelings: [{drop}]}}}}\n"
    )
    selector = "{matchLabels: {release: prometheus}}"
    spec = f"{{scrapeNativeHistograms: true, scrapeInterval: 15s, serviceMonitorSelector: {selector}}}"
    (directory / "stack.yaml").write_text(f"prometheus: {{prometheusSpec: {spec}}}\n")
    team = "{serviceMonitorSelector: {matchLabels: {team: net}}}"
    (directory / "team.yaml").write_text(f"prometheus: {{prometheusSpec: {team}}}\n")
    spec = f"{{scrapeNativeHistograms: true, serviceMonitorSelector: {selector}}}"
    kind = "apiVersion: monitoring.coreos.com/v1\nkind: Prometheus\n"
    (directory / "object.yaml").write_text(f"{kind}metadata: {{name: k8s, namespace: x}}\nspec: {spec}\n")
    shutil.copytree(ROOT / "cluster-setup" / "values", directory / "out" / "values")
    edited = directory / "out" / "dashboards" / "Hubble" / "hubble-dns.json"
    edited.parent.mkdir(parents=True, exist_ok=True)
    edited.write_text("{}")


def cases() -> Iterator[tuple[str, str, click.Parameter]]:
    """Every command tested here, with its modes and options."""
    for path, command in commands():
        name = " ".join(path)
        for mode, base in MODES.get(name, {}).items():
            for param in command.params:
                tried = isinstance(param, click.Option) and param.name != "debug" and param.opts[0] not in base.split()
                if tried and (name, mode, param.opts[0]) not in NOT_OBSERVABLE:
                    yield name, mode, param


def test_no_command_is_forgotten() -> None:
    """A new command needs modes above; the options of a new target are tested by its own tests."""
    single = {" ".join(path) for path, command in commands() if path and not isinstance(command, click.Group)}
    targets = {name for name in single if name.startswith(("deploy ", "drift "))} - set(MODES)
    assert single - CONNECTED - targets == set(MODES) - {"upstream"}


PLAIN: dict[tuple[str, str], Outcome] = {}


@pytest.mark.fault("an option without effect is silently ignored")
@pytest.mark.parametrize(
    ("command", "mode", "option"),
    [pytest.param(*case, id=f"{case[0]}, {case[1]}: {case[2].opts[0]}") for case in cases()],
)
def test_an_option_changes_something_or_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str, mode: str, option: click.Parameter
) -> None:
    """With the option the outcome differs, or a usage error says that the option has no effect."""
    monkeypatch.chdir(tmp_path)
    base, name = MODES[command][mode], option.opts[0]
    words = name if getattr(option, "is_flag", False) else f"{name} {TRIED[name]}"
    before, after = ("", base) if mode == "fetch" else (base, "")
    if (command, mode) not in PLAIN:
        PLAIN[command, mode] = outcome(tmp_path, f"{command} {base}")
    changed = outcome(tmp_path, f"{command} {before} {words} {after}")
    assert changed != PLAIN[command, mode], f"{words} is ignored"
    if "Usage:" in changed[2]:
        assert name in changed[2] or "no effect" in changed[2], changed[2]
