"""The GitHub Action, GitLab's template and pre-commit's hooks: their steps run in a real repository."""

import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from dashboards_py.cli import cli
from tests.comments.small_service import TOKEN, SmallService, serving

ROOT = Path(__file__).parents[2]
ACTION = yaml.safe_load((ROOT / ".github/actions/review/action.yml").read_text())
GITLAB = yaml.safe_load((ROOT / ".gitlab/review.yml").read_text())
HOOKS = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
IDENTITY = dict.fromkeys(("GIT_AUTHOR_EMAIL", "GIT_COMMITTER_EMAIL"), "x@example.com")
IDENTITY |= dict.fromkeys(("GIT_AUTHOR_NAME", "GIT_COMMITTER_NAME"), "x")


def git(repository: Path, *args: str) -> str:
    """Run git."""
    environment = {**os.environ, **IDENTITY, "GIT_CONFIG_GLOBAL": os.devnull}
    command = ["git", "-C", str(repository), *args]
    return subprocess.run(command, check=True, capture_output=True, text=True, env=environment).stdout.strip()


def board(expr: str) -> str:
    """A dashboard with one query."""
    target = {"refId": "A", "expr": expr}
    panel = {"id": 1, "type": "timeseries", "title": "Drops", "datasource": {"uid": "${ds}"}, "targets": [target]}
    source = {"name": "ds", "type": "datasource", "query": "prometheus"}
    return json.dumps({"uid": "b", "title": "B", "panels": [panel], "templating": {"list": [source]}}, indent=1)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository whose second commit changes a query, and makes another one wrong."""
    directory = tmp_path / "repository"
    (directory / "dashboards").mkdir(parents=True)
    (directory / "more of them").mkdir()
    git(directory, "init", "--quiet")
    for first, second in (("rate(cilium_drop_count_total[5m])", "up"), ("rate(cilium_drop_count_total[2m])", "sum(")):
        (directory / "dashboards" / "one.json").write_text(board(first))
        (directory / "dashboards" / "two.json").write_text(board(second))
        (directory / "more of them" / "one.json").write_text(board(first).replace('"b"', '"c"'))
        git(directory, "add", ".")
        git(directory, "commit", "--quiet", "--message", "change")
    return directory


@pytest.fixture
def service() -> Iterator[SmallService]:
    """An empty service."""
    with serving(SmallService()) as small:
        yield small


def run(script: str, repository: Path, environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """Run a step as GitHub and GitLab do: the shell ends at the first command that fails."""
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    variables = {"PATH": path, "HOME": str(repository.parent), **environment}
    command = ["bash", "-e", "-o", "pipefail", "-c", script]
    return subprocess.run(command, cwd=repository, env=variables, capture_output=True, text=True, check=False)


def step(name: str) -> Mapping[str, Any]:
    """A step of the action."""
    return next(item for item in ACTION["runs"]["steps"] if item["name"] == name)


def test_the_action(repository: Path, service: SmallService) -> None:
    """Findings are annotations at their files; the comment and the summary name the change."""
    paths = "dashboards\nmore of them\n"
    linted = run(step("Lint")["run"], repository, {"PATHS": paths})
    assert linted.returncode == 1
    assert "::error title=invalid-promql,file=dashboards/two.json" in linted.stdout
    event, summary = repository.parent / "event.json", repository.parent / "summary"
    event.write_text(json.dumps({"pull_request": {"number": 7}}))
    environment = {
        "GITHUB_ACTIONS": "true",
        "GITHUB_API_URL": service.address,
        "GITHUB_REPOSITORY": "o/r",
        "GITHUB_EVENT_PATH": str(event),
        "GITHUB_STEP_SUMMARY": str(summary),
        "GITHUB_TOKEN": TOKEN,
        "RUNNER_TEMP": str(repository.parent),
        "GITHUB_SHA": git(repository, "rev-parse", "HEAD"),
        "PATHS": paths,
        "SCENE": "",
        "COMMENT": "true",
    }
    assert environment.keys() >= step("What changed")["env"].keys()
    changed = run(step("What changed")["run"], repository, environment)
    assert changed.returncode == 0, changed.stderr
    assert service.writes == ["POST 1"]
    assert "window: 5m" in service.texts[1] or "[2m]" in service.texts[1]
    assert service.texts[1].partition("\n")[2].strip() in summary.read_text()
    shallow = repository.parent / "shallow"
    git(repository.parent, "clone", "--quiet", "--depth=1", f"file://{repository}", str(shallow))
    alone = run(step("What changed")["run"], shallow, environment)
    assert alone.returncode == 2
    assert "fetch-depth: 2" in alone.stdout
    other = run(step("What changed")["run"], repository, environment | {"GITHUB_SHA": "0" * 40})
    assert other.returncode == 2
    assert "without ref" in other.stdout


def test_codes_of_diff(repository: Path) -> None:
    """A difference, and what cannot be drawn or read, fail no job; what it cannot do at all does."""
    sha = git(repository, "rev-parse", "HEAD")
    environment = {"GITHUB_SHA": sha, "GITHUB_STEP_SUMMARY": os.devnull, "RUNNER_TEMP": "", "PATHS": ".", "SCENE": "x"}
    environment |= {"CILIUM_DASHBOARDS": "x", "DASHBOARDS_PATHS": ".", "CI_MERGE_REQUEST_TARGET_BRANCH_SHA": sha}
    for status, expected in {0: 0, 1: 0, 4: 0, 2: 2, 3: 3, 70: 70}.items():
        program = f"cilium-dashboards() {{ [ $1 = lint ] || return {status}; }}\n"
        for script in (step("What changed")["run"], gitlab_script()):
            result = run(program + script, repository, environment)
            assert (result.returncode, "is not complete" in result.stdout) == (expected, status == 4)


def gitlab_script() -> str:
    """The lines of the job; nothing is installed."""
    return "\n".join(GITLAB["review-dashboards"]["script"]).replace("pip install", "true pip install")


def test_gitlab_s_template(repository: Path, service: SmallService) -> None:
    """Findings are issues of a Code Quality report, the job fails for them, and the comment is written all the same."""
    job = GITLAB["review-dashboards"]
    environment = {
        "GITLAB_CI": "true",
        "CI_API_V4_URL": service.address,
        "CI_MERGE_REQUEST_PROJECT_ID": "12",
        "CI_MERGE_REQUEST_IID": "7",
        "CI_MERGE_REQUEST_DIFF_BASE_SHA": git(repository, "rev-parse", "HEAD^1"),
        "GITLAB_TOKEN": TOKEN,
        "CILIUM_DASHBOARDS": "package",
        "DASHBOARDS_PATHS": "dashboards\nmore of them",
        "DASHBOARDS_SCENE": "",
    }
    result = run(gitlab_script(), repository, environment)
    assert result.returncode == 1, result.stderr
    [issue] = json.loads((repository / job["artifacts"]["reports"]["codequality"]).read_text())
    assert issue["location"]["path"] == "dashboards/two.json"
    assert issue["severity"] == "major"
    assert service.writes == ["POST 1"]
    fork = run(gitlab_script(), repository, {**environment, "GITLAB_TOKEN": ""})
    assert fork.returncode == 1, fork.stderr
    assert "what changed is in this log only" in fork.stdout
    assert "window" in fork.stdout
    assert service.writes == ["POST 1"]


@pytest.mark.parametrize("hook", HOOKS, ids=lambda hook: str(hook["id"]))
def test_hooks(hook: Mapping[str, Any], repository: Path) -> None:
    """Each runs a command with files that its pattern chooses, and fails where they are wrong."""
    words = shlex.split(hook["entry"].partition("cilium-dashboards ")[2].partition(' "$file"')[0])
    files = {"lint-cilium-dashboards": ["dashboards/two.json"], "check-cilium-values": ["cilium/values.yaml"]}
    chosen = files.get(hook["id"], ["provisioning/dashboards/Cilium/cilium-agent.json"])
    assert all(re.search(hook["files"], name) for name in chosen)
    (repository / "cilium").mkdir()
    (repository / "cilium" / "values.yaml").write_text("hubble: {enabled: false}\n")
    args = words
    if hook.get("pass_filenames", True):
        args += [str(repository / name) for name in chosen]
    else:
        args += ["--out", str(repository / "provisioning")]
    result = CliRunner().invoke(cli, args)
    assert result.exit_code == 1, result.output


def test_values_of_several_clusters(tmp_path: Path) -> None:
    """pre-commit gives all files at once; each is checked, and one with problems fails the hook."""
    program = tmp_path / "cilium-dashboards"
    program.write_text('#!/bin/sh\necho "$*"\ncase $3 in *bad*) exit 1 ;; esac\n')
    program.chmod(0o755)
    [hook] = [hook for hook in HOOKS if hook["id"] == "check-cilium-values"]
    files = ["cilium/values bad.yaml", "cilium/values-b.yaml"]
    for names, code in ((files, 1), (files[1:], 0)):
        command = [*shlex.split(hook["entry"]), *names]
        path = f"{tmp_path}:{os.environ['PATH']}"
        result = subprocess.run(command, env={"PATH": path}, capture_output=True, text=True, check=False)
        assert (result.returncode, result.stdout.splitlines()) == (code, [f"values --check {name}" for name in names])
