"""README is correct: its commands run, its targets exist, its table and pictures match the boards."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from dashboards_py import promql
from dashboards_py.catalog import NEWEST
from dashboards_py.compile import compile_boards
from dashboards_py.configuration.read import read_configuration
from dashboards_py.errors import EXIT_CODES
from dashboards_py.provisioning import provisioning_files
from dashboards_py.targets import Payload, files, load, names
from dashboards_py.values.render import as_tree
from dashboards_py.values.stack import stack
from docs.generate import generated, pages
from tests.settings import settings_for
from tests.test_gitdiff import TEXTCONV
from tests.types.grafana_types import VERSIONS
from tests.upstream.test_answers import write_board

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
TEXTS = {name: (ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "CONTRIBUTING.md")}
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", README, re.S)
BASH = [line for kind, block in BLOCKS if kind == "bash" for line in block.splitlines()]
COMMANDS = [line.split("  #")[0].strip() for line in BASH]
OWN_COMMANDS = [line for line in COMMANDS if line.startswith("cilium-dashboards")]
# Commands of other programs, and the test that uses each as README does.
OTHER_PROGRAMS = {
    "make": "test_make_targets_exist",
    "export": "test_settings_are_read",
    "kubectl": "tests/live/test_deploy_configmaps.py",
    "helm": "tests/live/test_cluster.py reads the values in the same way",
    "git": "test_the_git_setting_is_the_tested_one",
    "pipx": "tests/test_install.py",
    "python3": "tests/test_install.py",
}


def make_history(directory: Path) -> None:
    """A repository with a branch main, and one commit more in which the rules are other ones."""
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@example.org", "-C", str(directory)]
    subprocess.run([*git, "init", "-q", "-b", "main"], check=True)
    (directory / ".gitignore").write_text("provisioning\n")
    for name in ("main", "change"):
        subprocess.run([*git, "switch", "-q", "-C", name], check=True)
        rules = directory / "rules.yaml"
        rules.write_text(rules.read_text().replace("> 0", f"> {len(name)}"))
        subprocess.run([*git, "add", "-A"], check=True)
        subprocess.run([*git, "commit", "-q", "-m", name], check=True)
        rules.write_text(rules.read_text().replace(f"> {len(name)}", "> 0"))


@pytest.mark.fault("a command of README does not run as printed")
@pytest.mark.parametrize("line", OWN_COMMANDS)
def test_commands_run(line: str, tmp_path: Path) -> None:
    """Each of our commands in README works; those that need a server print their usage."""
    write_board(tmp_path / "originals", "21431.json", Drops="rate(cilium_drop_count_total[1m])")
    write_board(tmp_path, "their-board.json", Drops="rate(cilium_drop_count_total[5m])")
    write_board(tmp_path, "newer-board.json", Drops="rate(cilium_drop_count_total[1m])")
    misspelt = "{sourceLabels: [__name__], action: drop, regex: cilium_verson}"
    (tmp_path / "mine.yaml").write_text(
        "hubble: {metrics: {enabled: [dns]}}\n"
        f"prometheus: {{serviceMonitor: {{metricRelabelings: [{misspelt}]}}}}\n"
    )
    rule = "{alert: Drops, expr: cilium_drop_count_total > 0}"
    (tmp_path / "rules.yaml").write_text(f"groups: [{{name: cilium, rules: [{rule}]}}]\n")
    (tmp_path / "stack.yaml").write_text("prometheus: {prometheusSpec: {scrapeNativeHistograms: true}}\n")
    (tmp_path / "provisioning").symlink_to(ROOT / "provisioning")
    words, _, output = line.partition(" > ")
    if "main..HEAD" in line:
        make_history(tmp_path)
    command = [str(Path(sys.executable).parent / "cilium-dashboards"), *shlex.split(words)[1:]]
    command += ["--help"] if {"fetch", "doctor", "--grafana", "--prometheus"} & set(command) else []
    env = {**os.environ, "UPSTREAM_BOARDS": str(tmp_path / "originals"), **settings_for(line)}
    completed = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, check=False)
    problems = (
        "--check mine.yaml",
        "--set",
        "lint their-board.json",
        "lint rules.yaml",
        "--board their-board.json",
        " diff main..HEAD",
        " diff their-board.json",
        " drift files",
    )  # their input has problems, or differs
    assert completed.returncode == (1 if any(problem in line for problem in problems) else 0), completed.stderr
    assert completed.stdout
    assert not output or output.endswith(".yaml")


@pytest.mark.fault("a command of README does not run as printed")
def test_every_code_block_is_checked(tmp_path: Path) -> None:
    """Commands are ours or of a program whose use is tested; YAML and PromQL parse, and settings are ours."""
    assert {kind for kind, _ in BLOCKS} == {"bash", "yaml", "promql", "toml"}
    assert {line.split()[0] for line in COMMANDS if line and not line.startswith("cilium-dashboards")} <= {
        *OTHER_PROGRAMS
    }
    for kind, block in BLOCKS:
        if kind == "yaml":
            assert yaml.safe_load(block)
        if kind == "toml":
            (tmp_path / "settings.toml").write_text(block)
            assert compile_boards(NEWEST, read_configuration(tmp_path / "settings.toml"))
        if kind == "promql":
            assert promql.selectors(block.strip())


def test_settings_are_read() -> None:
    """What README exports is an environment variable of a target."""
    known = {option.env for name in names() for option in load(name).OPTIONS}
    assert {line.split()[1].split("=")[0] for line in COMMANDS if line.startswith("export ")} <= known


def test_values_in_yaml_are_ours() -> None:
    """The values for kube-prometheus-stack are those that we generate, and the paths for Argo CD and Flux exist."""
    (stack_values,) = (yaml.safe_load(block) for kind, block in BLOCKS if kind == "yaml" and "sidecar" in block)
    boards = as_tree(stack(selected_by="x", interval="30s"))["grafana"]["sidecar"]["dashboards"]
    assert stack_values["grafana"]["sidecar"]["dashboards"] == boards
    for path in re.findall(r"cluster-setup/values/[\w.-]+", README):
        assert (ROOT / path).exists(), path


def test_exit_codes_are_those_of_the_tool() -> None:
    """README's table is the one that --help prints."""
    assert dict(re.findall(r"^\| (\d+) \| (.+) \|$", README, re.M)) == {
        str(code): meaning for code, meaning in EXIT_CODES.items()
    }


def test_make_targets_exist() -> None:
    """Every word after `make` in the texts is a target that `make help` lists."""
    explained = set(re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M))
    for text in TEXTS.values():
        for line in re.findall(r"(?:^|`)make ([^`#\n]+)", text, re.M):
            assert {word for word in shlex.split(line) if "=" not in word} <= explained, line


@pytest.mark.fault("README does not say what one needs, how many series it adds, or what to do with the files")
def test_what_one_needs_comes_first_and_files_have_a_use(tmp_path: Path) -> None:
    """Needs and costs come before the installation; the directories to mount are those that a deploy writes."""
    headings = re.findall(r"^##+ (.+)$", README, re.M)
    assert headings[:4] == ["Quick start", "Before you start", "How many series it adds", "Install"]
    needs = dict(re.findall(r"^\| (Cilium|Prometheus|Grafana) \| (.+?) \|", README, re.M))
    assert [version for version in VERSIONS if needs["Grafana"].startswith(".".join(version.split(".")[:2]))]
    options = {option.key: option.default for option in files.OPTIONS}
    list(files.prepare(Payload(provisioning_files()), {**options, "out": str(tmp_path / "build/grafana")}).apply())
    section = README[README.index("### Files") : README.index("### GitOps")]
    directories = set(re.findall(r"`(build/[\w/]+)`", section))
    assert directories == {"build/grafana/", "build/grafana/provisioning/dashboards", "build/grafana/dashboards"}
    assert [directory for directory in directories if not (tmp_path / directory).is_dir()] == []
    (provider,) = (tmp_path / "build/grafana/provisioning/dashboards").iterdir()
    assert f"`{yaml.safe_load(provider.read_text())['providers'][0]['options']['path']}`" in section


def test_the_two_commands_come_first() -> None:
    """One compiles and deploys, one runs the tests."""
    assert [line.split("#")[0].strip() for line in BASH[:2]] == ["make dashboards deploy", "make test"]


@pytest.mark.parametrize("name", TEXTS)
def test_generated_parts_are_up_to_date(name: str) -> None:
    """Tables, pictures and the range of releases are what `make generate` writes."""
    assert TEXTS[name] == generated(TEXTS[name], compile_boards()), "make generate"


def test_the_pages_of_causes_are_up_to_date() -> None:
    """docs/doctor has a page for each cause of doctor, made from its docstring, and no others."""
    directory = ROOT / "docs/doctor"
    written = {path.name: path.read_text(encoding="utf-8") for path in directory.glob("*.md")}
    assert written == pages(), "make generate"


def test_the_table_is_that_of_the_boards() -> None:
    """Each board is listed with its questions and the IDs that it replaces."""
    rows = re.findall(r"^\| ([a-z-]+) \| .+\? \| ([\d, ]*)\|$", README, re.M)
    documented = {uid: tuple(int(number) for number in re.findall(r"\d+", numbers)) for uid, numbers in rows}
    assert documented == {board.uid: board.replaces for board in compile_boards()}


def test_every_picture_is_shown_and_light() -> None:
    """README shows every picture of a board that exists, docs/ all others, and together they are below 6 MB."""
    pictures = sorted((ROOT / "docs").rglob("*.png"))
    names = {path.relative_to(ROOT).as_posix() for path in pictures}
    in_readme = set(re.findall(r"\]\((docs/pictures/[^)]+)\)", README))
    assert in_readme == {name for name in names if name.startswith("docs/pictures/") and name.count("/") == 2}
    assert {Path(name).stem for name in in_readme} <= {board.uid for board in compile_boards()}
    pages = "".join(path.read_text() for path in (ROOT / "docs").glob("*.md"))
    assert {f"docs/{name}" for name in re.findall(r"\]\(([^)]+\.png)\)", pages)} | in_readme == names
    assert sum(path.stat().st_size for path in pictures) < 6_000_000


def test_the_git_setting_is_the_tested_one() -> None:
    """The documented setting is the one that is tested with real git."""
    (textconv,) = re.findall(r"git config diff\.grafana-board\.textconv '(.*)'", README)
    assert Path(textconv.split()[0]).name == Path(TEXTCONV.split()[0]).name
    assert textconv.split()[1:] == TEXTCONV.split()[1:]


@pytest.mark.parametrize("name", TEXTS)
def test_links_are_not_broken(name: str) -> None:
    """Every file that the texts link to exists."""
    for target in re.findall(r"\]\((?!http)([^)#]+)\)", TEXTS[name]):
        assert (ROOT / target).exists(), target
