"""The recipes of CONTRIBUTING, followed by a script in a copy: files edited by hand are counted, the suite passes."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from dashboards_py.catalog import NEWEST, RELEASES, Release
from tests.oracle.build import PINNED
from tests.oracle.facts import versions

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
NEXT = Release(NEWEST.major, NEWEST.minor + 1)
IGNORED = (
    # They do not work in a copy: they need the repository's history, or a separate environment.
    *("tests/live", "tests/test_fresh_checkout.py", "tests/test_install.py"),
    # They read no file that a recipe changes, or only run what others test there too, and take long.
    *("tests/board/test_read.py", "tests/cli/test_cli.py", "tests/cli/test_configuration.py"),
    *("tests/cli/test_deploy.py", "tests/cli/test_dev.py", "tests/cli/test_house_labels.py"),
    *("tests/cli/test_options.py", "tests/cli/test_options_connected.py", "tests/cli/test_preview.py"),
    *("tests/cli/test_run.py", "tests/cli/test_screen.py", "tests/cli/test_stack_check.py"),
    *("tests/cli/test_upgrade.py", "tests/cli/test_values.py", "tests/cluster/test_disorder.py"),
    *("tests/cluster/test_execute.py", "tests/cluster/test_plan_down.py", "tests/cluster/test_rules.py"),
    *("tests/cluster/test_verify.py", "tests/cluster/test_victoria_metrics.py", "tests/doctor/test_grafana.py"),
    *("tests/doctor/test_servers.py", "tests/fakes", "tests/field", "tests/fuzz", "tests/grafana", "tests/kubernetes"),
    *("tests/oracle/test_build.py", "tests/preview", "tests/promql", "tests/targets/test_configmaps.py"),
    *("tests/targets/test_files.py", "tests/targets/test_grafana.py", "tests/targets/test_interrupted_deploys.py"),
    *("tests/test_board_cache.py", "tests/test_components.py", "tests/test_contributing.py", "tests/test_gitdiff.py"),
    *("tests/test_promtool.py", "tests/test_words.py", "tests/types", "tests/upstream/test_fetch.py"),
    *("tests/review", "tests/cli/test_diff.py", "tests/cluster/test_overwritten.py", "tests/cluster/test_kinds.py"),
    *("tests/values/test_events.py", "tests/values/test_handler_options.py", "tests/web"),
    # Of the environment, of files from others, and of comments under a merge request, which no recipe touches.
    *("tests/comments", "tests/documents", "tests/test_makefile.py", "tests/test_workflows.py"),
    *("tests/cli/test_progress.py", "tests/queries/test_resolve.py"),
    # They compile, read or draw all boards many times, which takes minutes.
    *("tests/compile/test_configure.py", "tests/compile/test_labels.py", "tests/demo/test_scenes.py"),
    # They compile all boards once more for each setting of a house; the recipes change no setting.
    *("tests/compile/test_links_out.py", "tests/compile/test_peers.py", "tests/configuration/test_documentation.py"),
    "tests/cli/test_lint.py",  # that boards and alerts are clean is in tests/lint
    *("tests/demo/test_two_clusters.py", "tests/panel_data", "tests/stories", "tests/upgrade/test_boards.py"),
    # Of the texts of commands, of outages, of lines in scenes, of others' boards, and of a second run on each target.
    *("tests/test_command_words.py", "tests/demo/test_alerts.py", "tests/demo/test_consistency.py"),
    *("tests/style/test_colors.py", "tests/test_regex.py"),
    *("tests/targets/test_grafana_rules.py", "tests/targets/test_perses.py", "tests/targets/test_drift.py"),
    *(
        "tests/targets/test_leftovers.py",
        "tests/cli/test_drift.py",
        "tests/cli/test_keep.py",
        "tests/doctor/test_kube.py",
    ),
    *("tests/cli/test_nothing_changed.py", "tests/values/test_foreign_boards.py", "tests/values/test_dns.py"),
    *("tests/values/test_helm_set.py", "tests/values/test_seed.py", "tests/cluster/test_drift.py"),
)
DESELECTED = (
    "tests/cluster/test_plan_up.py::test_lost_objects_are_restored",  # of charts
    "tests/compile/test_boards.py::test_the_same_bytes_under_other_hash_seeds",
    "tests/compile/test_limits.py::test_a_level_is_set_wherever_it_is_used",  # of a house, as those above
    "tests/compile/test_limits.py::test_colors_and_queries_move_together",
    "tests/lint/test_rules.py::test_each_query_is_parsed_once_however_many_there_are",  # of a board made by the test
    "tests/lint/test_rules.py::test_long_texts_are_read_once",  # the same
    "tests/test_provisioning.py::test_recording_rules_come_with_the_alerts",  # in each format
    "tests/test_provisioning.py::test_recording_rules_have_the_labels_of_a_house",
    "tests/test_provisioning.py::test_the_command_line_chooses_recorded_series",
    "tests/test_readme.py::test_commands_run",  # the recipes add no command
    "tests/values/test_values.py::test_a_service_monitor_dropped",  # of a cluster that has no new metric
    "tests/values/test_values.py::test_check_follows_helm_on_null",  # the same
)
# Of each test of all releases, that of the oldest, of the newest and of the recipe's.
BETWEEN = [str(release) for release in RELEASES if release not in (RELEASES[0], NEWEST)]
# The tests of the copy would change the clusters that this run's own tests are changing.
REMOVED_VARIABLES = ("TEST_KUBECONFIG", "REQUIRED_COMPONENTS")


@dataclass(slots=True)
class Copy:
    """A copy of the project, under git, with this environment's interpreter."""

    root: Path
    edits: int = 0

    def run(self, *command: str | Path) -> str:
        """The output of a program in the copy; the test fails if it does."""
        env = {name: value for name, value in os.environ.items() if name not in REMOVED_VARIABLES}
        env["PYTHONPATH"] = str(self.root)
        process = subprocess.run(command, cwd=self.root, env=env, capture_output=True, text=True, check=False)
        assert process.returncode == 0, f"{command}: {process.stdout[-6000:]}{process.stderr[-2000:]}"
        return process.stdout

    def git(self, *args: str) -> str:
        """The output of git."""
        return self.run("git", "-c", "user.name=T", "-c", "user.email=t@example.org", *args)

    def touched(self) -> set[str]:
        """Commit the files that differ from the last commit, and return their names."""
        self.git("add", "--all")
        files = set(self.git("diff", "--cached", "--name-only").split())
        self.git("commit", "--quiet", "--allow-empty", "--message", "step")
        return files

    def edit(self, file: str, change: Callable[[str], str]) -> None:
        """Change the text of a file ("" if there is none); the test fails if nothing changes."""
        path = self.root / file
        before = path.read_text() if path.is_file() else ""
        path.write_text(change(before))
        assert path.read_text() != before, file
        # Bytecode is taken for a file's if the file has the time and size that it had: each edit has its own time.
        self.edits += 1
        os.utime(path, (self.edits, self.edits))


def replaced(old: str, new: str) -> Callable[[str], str]:
    """A replacement of a text that occurs once."""

    def change(text: str) -> str:
        assert text.count(old) == 1, f"{old!r} occurs {text.count(old)} times"
        return text.replace(old, new)

    return change


def a_panel(copy: Copy) -> None:
    """A panel in its board's file, and its expected value."""
    panel = """
        stat(
            "Files in use",
            "Files that the busiest relay has open: connections are among them. Near the limit of the pod: raise it.",
            query('max(process_open_fds{pod=~"hubble-relay.*"})', "worst relay"),
            unit="short",
        ),"""
    first_row = '        "Does it reach the agents?",'
    copy.edit("dashboards_py/dashboards/hubble_relay.py", replaced(first_row, first_row + panel))
    truth = """
    "Files in use": {"A": now("process_open_fds", "pod~hubble-relay.*").max()},"""
    copy.edit("tests/truth/hubble_relay.py", replaced(TRUTH, TRUTH + truth))


def an_alert(copy: Copy) -> None:
    """An alert in its group, which links to the panel above; its runbook, and a fault that makes it fire."""
    imported = "from dashboards_py.style.limits import RPCS_FAILED\n"
    group = '        "hubble-relay",\n'
    alert = """        alert(
            "HubbleRelayFilesNearLimit",
            f"max by ({OF_RELAY}) (process_open_fds{{{RELAY}}} / process_max_fds{{{RELAY}}})",
            above=OPEN_FILES.level("critical"),
            hold="15m",
            severity="critical",
            summary="{{ $labels.pod }} runs out of file descriptors",
            description="{{ $labels.pod }} uses {{ $value | humanizePercentage }} of them; the limit is [limit].",
            action="Restart the relay before it refuses clients.",
            panel=panel("hubble-relay", "Files in use"),
        ),
"""
    copy.edit(
        "dashboards_py/rules/relay.py",
        lambda text: replaced(group, group + alert)(
            replaced(imported, imported.replace("RPCS", "OPEN_FILES, RPCS"))(text)
        ),
    )
    runbook = """# HubbleRelayFilesNearLimit

## What it means

A relay has nearly as many files and connections open as it may have. It will refuse clients.

## Confirm

```bash
hubble status
kubectl -n kube-system describe pod -l k8s-app=hubble-relay
kubectl -n kube-system logs deploy/hubble-relay --since=30m
```

## What to do

- Restart the relay, and report what kept the connections open.

## What it is not

- A node that is down: see HubbleRelayPeersFailing.
"""
    copy.edit("docs/runbooks/HubbleRelayFilesNearLimit.md", lambda _: runbook)
    faults = "FAULTS = (\n"
    fault = """    Fault(
        name="relay-leaks-files",
        story="A relay never closes the connections of clients that went away.",
        fires=("HubbleRelayFilesNearLimit",),
        played=on("process_open_fds", level(1e6), component=RELAY),
    ),
"""
    copy.edit("tests/rules/faults/hubble.py", replaced(faults, faults + fault))


def a_board(copy: Copy) -> None:
    """A board's file, and its expected values."""
    board = '''"""Versions: which ones run, and where?"""

from dashboards_py.release import Release
from dashboards_py.style import Dashboard, cluster, dashboard, query, row, timeseries


def board(cilium: Release) -> Dashboard:
    """One row."""
    versions = timeseries(
        "Agents by version",
        "Agents of each version. More than one for longer than a rollout takes: look at the DaemonSet.",
        query("count by (version) (cilium_version)", "{{version}}"),
        unit="none",
        no_value="none seen",
    )
    return dashboard(
        uid="cilium-versions",
        title="Cilium / Versions",
        about="For who upgrades. Which versions run?",
        variables=(cluster("cilium_version"),),
        rows=(row("Which versions run?", versions),),
    )
'''
    truth = '''"""Expected values of the panels of Cilium / Versions."""

from tests.truth.values import Value, now

TRUTH: dict[str, dict[str, Value]] = {"Agents by version": {"A": now("cilium_version").count("version")}}
'''
    copy.edit("dashboards_py/dashboards/cilium_versions.py", lambda _: board)
    copy.edit("tests/truth/cilium_versions.py", lambda _: truth)


def a_metric(copy: Copy) -> None:
    """One line of the catalogue, for a metric from outside Cilium's code, which no program derives."""
    line = {
        "source": "Envoy 1.37, /stats/prometheus",
        "help": "An example",
        "unit": "count",
        "type": "counter",
        "component": "cilium-envoy",
        "name": "envoy_example_total",
    }
    copy.edit("dashboards_py/catalog/metrics.json", lambda text: json.dumps([line, *json.loads(text)]))


def a_rule(copy: Copy) -> None:
    """A rule's file, and its cases."""
    rule = '''"""shouting-title: the panel's title is in capitals, which is hard to read.

Write it as a sentence.
"""

from collections.abc import Iterator

from dashboards_py.board import Board, Panel
from dashboards_py.catalog import Release


def check(board: Board, release: Release) -> Iterator[tuple[Panel, str]]:
    """Titles of several words without a small letter."""
    for panel in board.panels:
        if " " in panel.title and panel.title.isupper():
            yield panel, "its title is in capitals"
'''
    copy.edit("dashboards_py/lint/shouting_title.py", lambda _: rule)
    cases = """BOARDS["shouting-title"] = [
    ({"title": "ALL DROPS"}, {}, "in capitals"),
    ({"title": "Drops"}, {}, ""),
]
"""
    copy.edit("tests/lint/cases.py", lambda text: text + cases)


def a_cause(copy: Copy) -> None:
    """A cause of doctor, and a fault that has it."""
    cause = '''"""shouted-metric: a dashboard reads a metric in capitals, and shows no data

Names of metrics tell capitals from small letters, and Cilium's have none.

Write the name in small letters.
"""

from dashboards_py.doctor.causes._cause import Diagnosis
from dashboards_py.doctor.executed import ExecutedQuery
from dashboards_py.doctor.observation import Observation

ORDER = 60


def explain(query: ExecutedQuery, _: Observation) -> Diagnosis | None:
    """The name of a metric that has no series is in capitals."""
    for selector in query.missing():
        if selector.name.isupper():
            what = "names of metrics are written in capitals"
            return Diagnosis(what, f"no series of {selector.name}", f"write {selector.name.lower()}")
    return None
'''
    copy.edit("dashboards_py/doctor/causes/shouted_metric.py", lambda _: cause)
    fault = """
[shouted]
summary = "a dashboard reads a metric in capitals"
cause = "shouted-metric"
what = "in capitals"
queries = ["count(CILIUM_VERSION)"]
"""
    copy.edit("tests/doctor/faults/series.toml", lambda text: text + fault)
    case = '    "shouted-metric": [case("count(CILIUM_VERSION)", seen(), "in capitals")],'
    copy.edit("tests/doctor/test_each_cause.py", lambda text: text.replace(CASES, f"{CASES}\n{case}"))


def a_target(copy: Copy) -> None:
    """A target's file."""
    target = '''"""Boards as one JSON list."""

import json
from pathlib import Path

from dashboards_py.targets import Action, Change, Deployment, Option, Options, Payload
from dashboards_py.tree import replace

SUMMARY = "One file with all boards in a list."
OPTIONS = (Option("out", "The file to write.", default="build/boards.json"),)


def prepare(payload: Payload, options: Options) -> Deployment:
    """Compare the file with the boards."""
    path = Path(options["out"])
    text = json.dumps([json.loads(content) for _, _, content in payload.boards()]).encode()
    same = path.is_file() and path.read_bytes() == text
    action = Action.UNCHANGED if same else Action.UPDATE if path.exists() else Action.CREATE
    return Deployment(str(path), (Change(path.name, action),), lambda change: replace(path, text))
'''
    copy.edit("dashboards_py/targets/list.py", lambda _: target)


def a_setup_step(copy: Copy) -> None:
    """A step of the setup: its action, its condition, its test, and the line of the plan that yields it."""
    step = '''"""The label by which OpenShift's own Prometheus finds the ServiceMonitors of a namespace."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dashboards_py.cluster.clients import Clients
from dashboards_py.cluster.options import Options
from dashboards_py.cluster.state import State
from dashboards_py.cluster.steps.step import Step

LABEL = "openshift.io/cluster-monitoring=true"


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelNamespace(Step):
    """The namespace."""

    name: str

    @property
    def title(self) -> str:
        return f"kubectl label namespace {self.name} {LABEL}"

    def execute(self, clients: Clients) -> Sequence[str]:
        """Label the namespace; one that has another value is refused by kubectl."""
        clients.kubectl.run("label", "namespace", self.name, LABEL)
        return ()


def label_steps(state: State, options: Options) -> Iterator[Step]:
    """The label, on a namespace of OpenShift that this run creates."""
    if options.namespace.startswith("openshift-") and options.namespace not in state.namespaces:
        yield LabelNamespace(name=options.namespace)
'''
    copy.edit("dashboards_py/cluster/steps/label_namespace.py", lambda _: step)
    imported = "from dashboards_py.cluster.steps.notice import Notice\n"
    planned = "        *namespace_steps(state, options),\n"
    copy.edit(
        "dashboards_py/cluster/plan_up/__init__.py",
        lambda text: replaced(planned, planned + "        *label_steps(state, options),\n")(
            replaced(imported, "from dashboards_py.cluster.steps.label_namespace import label_steps\n" + imported)(text)
        ),
    )
    test = '''"""A namespace that is to be labelled."""

from dataclasses import replace

from dashboards_py.cluster.steps.label_namespace import LabelNamespace, label_steps
from tests.cluster.plans import OPTIONS, state_of, with_cilium


def test_only_openshifts_are_labelled() -> None:
    """A namespace of OpenShift is, any other is not."""
    state, name = state_of(with_cilium()), "openshift-cilium"
    assert list(label_steps(state, OPTIONS)) == []
    assert list(label_steps(state, replace(OPTIONS, namespace=name))) == [LabelNamespace(name=name)]
'''
    copy.edit("tests/cluster/test_label.py", lambda _: test)


def a_release(copy: Copy) -> None:
    """A release: `make catalogue` from what the programs and components print, then what only a reviewer knows."""
    last = versions()[-1]
    older, newer = copy.root / "tests/oracle/facts" / last, copy.root / "tests/oracle/facts" / f"{NEXT}.0"
    newer.mkdir()
    modules = copy.root / "tests/oracle/modules"
    shutil.copytree(modules / last, modules / f"{NEXT}.0")
    for pinned in PINNED:
        path = modules / f"{NEXT}.0" / pinned
        path.write_text(path.read_text().replace(f"v{last}", f"v{NEXT}.0"))
    printed = tuple(path.stem for path in sorted(older.glob("*.jsonl")))
    for name in printed:
        lines = [json.loads(line) for line in (older / f"{name}.jsonl").read_text().splitlines()]
        kept = [_of_next(line) for line in lines if not line.get("name", "").endswith("_act_errors")]
        (newer / f"{name}.jsonl").write_text("".join(json.dumps(line) + "\n" for line in kept))
    output = copy.run(BIN / "python", "-m", "tests.oracle", f"{NEXT}.0", "committed")
    assert "new: cilium-agent cilium_act_opened_connections" in output
    assert f"gone: cilium-agent cilium_act_errors: removed in {NEXT}" in output
    assert f"compile says on {NEXT}:" in output
    assert copy.touched() == {
        *(f"tests/oracle/facts/{NEXT}.0/{name}.jsonl" for name in printed),
        *(f"tests/oracle/modules/{NEXT}.0/{name}" for name in PINNED),
        "dashboards_py/release.py",
        "dashboards_py/catalog/metrics.json",
        "dashboards_py/cluster/versions.env",
        "dashboards_py/demo/cluster/hubble.json",
    }

    def review(text: str) -> str:
        rows = json.loads(text)
        by_name = {row["name"]: row for row in rows}
        by_name["cilium_act_new_connections_total"]["replaced_by"] = ["cilium_act_opened_connections"]
        by_name["cilium_act_opened_connections"]["help"] = "Connections opened per zone and service"
        return json.dumps(rows)

    copy.edit("dashboards_py/catalog/metrics.json", review)


def _of_next(line: dict[str, Any]) -> dict[str, Any]:
    """A line of the next release: one metric is renamed, one has another label, one another type."""
    name = line.get("name", "").removeprefix("*_").removeprefix("cilium_")
    if name == "act_new_connections_total":
        return line | {"name": line["name"].replace(name, "act_opened_connections")}
    if name == "act_active_connections_total":
        return line | {"labels": ["zone", "backend_service"]}
    if name == "act_failed_connections_total":
        return line | {"type": "counter"}
    return line


Recipes = dict[Callable[[Copy], None], set[str]]
WITH_OUTPUT: Recipes = {
    a_panel: {"dashboards_py/dashboards/hubble_relay.py", "tests/truth/hubble_relay.py"},
    an_alert: {
        "dashboards_py/rules/relay.py",
        "docs/runbooks/HubbleRelayFilesNearLimit.md",
        "tests/rules/faults/hubble.py",
    },
    a_board: {"dashboards_py/dashboards/cilium_versions.py", "tests/truth/cilium_versions.py"},
    a_metric: {"dashboards_py/catalog/metrics.json"},
    a_release: {"dashboards_py/catalog/metrics.json"},
    a_cause: {
        "dashboards_py/doctor/causes/shouted_metric.py",
        "tests/doctor/faults/series.toml",
        "tests/doctor/test_each_cause.py",
    },
}
WITHOUT_OUTPUT: Recipes = {  # no board has them, and no list in README or docs
    a_rule: {"dashboards_py/lint/shouting_title.py", "tests/lint/cases.py"},
    a_target: {"dashboards_py/targets/list.py"},
    a_setup_step: {
        "dashboards_py/cluster/steps/label_namespace.py",
        "dashboards_py/cluster/plan_up/__init__.py",
        "tests/cluster/test_label.py",
    },
}
TRUTH = "TRUTH: dict[str, dict[str, Value]] = {"
CASES = "CASES: dict[str, list[Case]] = {"
GENERATE = ("make", "--silent", "--old-file=.venv/installed", "generate")
GENERATED = ("provisioning/", "cluster-setup/values/", "dashboards_py/catalog/", "README.md", "docs/")


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    """The files of this checkout in a separate repository, with their bytecode: to compile all takes 15 seconds."""
    root = tmp_path_factory.mktemp("recipes") / "project"
    files = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in files.splitlines():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, root / name)
    for bytecode in {(ROOT / name).parent / "__pycache__" for name in files.splitlines() if name.endswith(".py")}:
        if bytecode.is_dir():
            # Python writes `x.pyc.1234` and renames it: one of another process may be gone before it is copied.
            shutil.copytree(bytecode, root / bytecode.relative_to(ROOT), ignore=shutil.ignore_patterns("*.pyc.*"))
    (root / ".venv").symlink_to(BIN.parent)
    copied = Copy(root)
    copied.git("init", "--quiet")
    copied.touched()
    return copied


def follow(copy: Copy, recipes: Recipes, generate: tuple[str | Path, ...], report: Callable[[str], None]) -> set[str]:
    """The files that are generated for recipes; each of these changes only its files by hand."""
    for recipe, files in recipes.items():
        recipe(copy)
        by_hand = copy.touched()
        assert by_hand == files, recipe.__name__
        report(f"{recipe.__name__.replace('_', ' ')}: {len(by_hand)} files by hand")
    copy.run(*generate)
    return copy.touched()


def test_each_recipe_changes_the_documented_files(copy: Copy, report: Callable[[str], None]) -> None:
    """Each recipe changes only these files by hand; `make generate` does the rest; then the suite passes."""
    generated = follow(copy, WITH_OUTPUT, GENERATE, report)
    assert generated
    assert all(name.startswith(GENERATED) for name in generated), generated
    assert follow(copy, WITHOUT_OUTPUT, (BIN / "python", "docs/generate.py"), report) == set()
    ignored = [*(f"--ignore={name}" for name in IGNORED), *(f"--deselect={name}" for name in DESELECTED)]
    between = f"not ({' or '.join(BETWEEN)})"
    # One process: each collects all tests, for ten seconds.
    copy.run(BIN / "pytest", "--numprocesses", "0", "-k", between, *ignored)
