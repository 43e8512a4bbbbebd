"""Runbooks: one for each alert, with the same four parts, and nothing in them that does not exist."""

import re
from pathlib import Path

import pytest

from dashboards_py.board import read
from dashboards_py.catalog import NEIGHBORS, names, split
from dashboards_py.compile import compile_boards
from dashboards_py.compile.rules import compile_rules
from docs.generate import runbook_index
from tests.rules.test_rules import PROMISED

FAULT = pytest.mark.fault("an alert at night comes without what to do")
ROOT = Path(__file__).parents[2]
PAGES = {path.stem: path.read_text(encoding="utf-8") for path in (ROOT / "docs/runbooks").glob("*.md")}
PARTS = ["What it means", "Confirm", "What to do", "What it is not"]
CILIUM = frozenset(
    line
    for line in (Path(__file__).parent / "cilium_commands.txt").read_text(encoding="utf-8").splitlines()
    if line[0] != "#"
)
VERBS = {"auth", "describe", "exec", "get", "logs", "rollout", "top"}
HUBBLE = {"list", "observe", "status"}
OF_POD = {"cat", "ip", "ls", "ss"}  # in the image of the agent
PROJECT_COMMANDS = {"cilium-dashboards lint"}
# Kinds of Cilium (pkg/k8s/apis/cilium.io/v2 and v2alpha1), whose names look like those of alerts.
KIND = re.compile(r"Cilium(\w*(Policy|Config|Group|Pool|Slices?|Identit\w+|Endpoints?|Node))$")
METRIC = re.compile(r"\b(?:cilium|hubble|envoy|etcd|kube|certmanager)_[a-z0-9_]+\b")


def parts(page: str) -> dict[str, str]:
    """The texts of a page by their headings."""
    _, *texts = re.split(r"^## ", page, flags=re.M)
    return {text.partition("\n")[0]: text.partition("\n")[2].strip() for text in texts}


def commands(page: str) -> list[str]:
    """The commands that confirm it."""
    block = re.fullmatch(r"```bash\n(.*)\n```", parts(page)["Confirm"], re.S)
    assert block
    return block[1].splitlines()


def unknown(command: str) -> str:
    """The part of a command that does not exist, "" if there is none."""
    line, _, inner = command.partition(" -- ")
    program, *words = [word for word in line.split() if word not in ("-n",)]
    if inner:
        program_of_pod = inner.split()[0]
        known = program_of_pod in OF_POD or any(inner == name or inner.startswith(f"{name} ") for name in CILIUM - TOP)
        if not known:
            return inner
    if program == "kubectl":
        return "" if VERBS & set(words) else line
    if program == "hubble":
        return "" if words[0] in HUBBLE else line
    return "" if f"{program} {words[0]}" in PROJECT_COMMANDS else line


# Commands that only hold others, which a command must name.
TOP = frozenset(
    name
    for name in CILIUM
    if name not in ("cilium-dbg config", "cilium-dbg status") and any(other.startswith(f"{name} ") for other in CILIUM)
)


@FAULT
def test_each_alert_has_a_page() -> None:
    """And each page an alert; those of one objective share theirs."""
    linked = {alert.annotations["runbook_url"] for alert in compile_rules(configuration=PROMISED).alerts}
    assert {f"docs/runbooks/{name}.md" for name in PAGES if name != "README"} == linked


@FAULT
@pytest.mark.parametrize("name", sorted(PAGES.keys() - {"README"}))
def test_a_page_has_its_parts(name: str) -> None:
    """What it means, three commands that confirm it, what to do, and what it is not."""
    page = PAGES[name]
    assert page.startswith(f"# {name}\n\n")
    assert list(parts(page)) == PARTS
    assert all(parts(page).values())
    assert len(commands(page)) == 3
    for heading in PARTS[2:]:
        assert re.match(r"- \S", parts(page)[heading]), heading


@FAULT
@pytest.mark.parametrize("name", sorted(PAGES.keys() - {"README"}))
def test_its_commands_exist(name: str) -> None:
    """On each release of Cilium, in kubectl, in hubble, or in this project."""
    assert [part for part in map(unknown, commands(PAGES[name])) if part] == []


@FAULT
def test_commands_can_be_pasted() -> None:
    """Also into zsh, which stops at `?` and `[0]` without quotes; none prints the copies of all maps."""
    lines = [command for name in PAGES.keys() - {"README"} for command in commands(PAGES[name])]
    assert [line for line in lines if re.search(r"[][?*{}$&;|<>()]", re.sub(r"'[^']*'", "", line))] == []
    assert [line for line in lines if "map list --verbose" in line] == []


@pytest.mark.parametrize(
    "command",
    ["kubectl delete everything", "hubble observer", "kubectl exec POD -- cilium-dbg endpoints list", "cilium status"]
    + ["kubectl exec POD -- cilium-dbg endpoint"],
)
def test_a_command_that_does_not_exist_is_found(command: str) -> None:
    """A wrong verb, program or command of Cilium, and one that only holds others."""
    assert unknown(command)


@FAULT
def test_metrics_and_alerts_in_texts_exist() -> None:
    """In pages and in alerts; `metrics list -p` takes the beginning of a name."""
    rules = compile_rules(configuration=PROMISED).alerts
    alerts = {alert.alert for alert in rules} | PAGES.keys()
    known = {*names(), *NEIGHBORS}
    texts = {**PAGES, **{alert.alert: " ".join(alert.annotations.values()) for alert in rules}}
    for where, text in texts.items():
        for metric in METRIC.findall(re.sub(r"{{.*?}}", "", text)):
            assert any(name.startswith(split(metric)[0]) for name in known), (where, metric)
        for name in re.findall(r"\b(?:Cilium|Hubble)[A-Z]\w+", text):
            assert name in alerts or KIND.match(name), (where, name)


@FAULT
def test_rows_and_panels_in_texts_exist() -> None:
    """`The row NAME of the board` and `the panels A and B`, on some board of ours."""
    boards = [read(board.json) for board in compile_boards()]
    rows = {row.title for board in boards for row in board.rows}
    for where, page in PAGES.items():
        for title in re.findall(r"[Tt]he\s+row\s+([A-Z][\w ]+?)\s+of\s+the\s+board", page):
            assert " ".join(title.split()) in rows, (where, title)


@FAULT
def test_the_index_is_generated() -> None:
    """`make generate` writes it."""
    assert PAGES["README"] == runbook_index()
