"""Write the generated parts of the documentation; `make generate` runs this, and a test checks that it was run."""

import json
import re
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

from dashboards_py.board import read
from dashboards_py.catalog import NEWEST, RELEASES
from dashboards_py.compile import Compiled, compile_boards
from dashboards_py.compile.rules import compile_rules
from dashboards_py.configuration import Alerts, Configuration
from dashboards_py.doctor import cause_ids, manual_page
from dashboards_py.model import RuleGroup
from dashboards_py.rules import build
from dashboards_py.rules import names as rule_names
from dashboards_py.style.alert_limits import ALERT_LIMITS
from dashboards_py.style.limits import LIMITS, Limit

ROOT = Path(__file__).parents[1]
TEXTS = ("README.md", "CONTRIBUTING.md", "pyproject.toml", "docs/configuration.md")
COLUMNS = 2
WAYS = ("first", "open", "all")  # of opening a board
RUNBOOKS = """# Runbooks

A page for each alert, in the order of their groups. Each has three commands that confirm it, with these names to fill
in: NODE is the label `node` of the alert, POD the agent there, ENVOY_POD its Envoy, and NAMESPACE a namespace of the
alert.

```bash
kubectl -n kube-system get pods -l k8s-app=cilium --field-selector spec.nodeName=NODE
kubectl -n kube-system get pods -l k8s-app=cilium-envoy --field-selector spec.nodeName=NODE
```

Cilium is in `kube-system` here; use your namespace if it is another. Alerts named `...Budget...` are those of
objectives: they are off until `[objectives]` of [your settings](../configuration.md) promises one.
"""
DOCTOR = """# Why is this panel empty?

`cilium-dashboards doctor --prometheus URL` names the cause. These are the causes that it knows, in the order in which
it looks for them. With `--kube` it reads the cluster as well and names what is behind them; `cluster verify` names the
same.
"""


def generated(text: str, boards: Sequence[Compiled]) -> str:
    """The text with the table and the pictures of the boards between their markers, and the range of releases."""
    ordered = sorted(boards, key=lambda board: (not board.uid.endswith("-overview"), board.uid))
    how = (ROOT / "docs/pictures.txt").read_text(encoding="utf-8")
    blocks = {"boards": table(ordered), "pictures": gallery(ordered), "how the pictures were made": how}
    blocks["thresholds"] = thresholds(LIMITS, ("warning", "critical"))
    blocks["alert thresholds"] = thresholds(ALERT_LIMITS, ("warning", "critical", "floor"))
    blocks["cost"] = cost()
    for name, block in blocks.items():
        between = rf"(<!-- generated: {name} -->\n).*?(<!-- end -->)"
        text = re.sub(between, partial(_filled, block), text, flags=re.S)
    return re.sub(rf"\b{re.escape(str(RELEASES[0]))} to \d+\.\d+\b", f"{RELEASES[0]} to {RELEASES[-1]}", text)


def _filled(block: str, marks: re.Match[str]) -> str:
    return f"{marks[1]}\n{block}\n{marks[2]}"


def table(boards: Sequence[Compiled]) -> str:
    """One row for each board: its uid, the questions that it answers, the ids of grafana.com that it replaces."""
    lines = ["| uid | answers | replaces on grafana.com |", "|---|---|---|"]
    for board in boards:
        replaced = ", ".join(map(str, board.replaces))
        lines.append(f"| {board.uid} | {questions(board)} | {replaced} |")
    return "\n".join(lines) + "\n"


def questions(board: Compiled) -> str:
    """The questions in the board's description: its sentences that end with a question mark."""
    about = read(board.json).raw["description"]
    return " ".join(sentence.strip() for sentence in re.findall(r"[^.?]+\?", about))


def cost() -> str:
    """What the boards read of what upstream's read, as `python -m tests.live.cost --write` measured it."""
    by_size = json.loads((ROOT / "docs/cost.json").read_text(encoding="utf-8"))
    *areas, everything = by_size["50"]["raw"]
    lines = [
        f"| {nodes} nodes | "
        + " | ".join(_percent(sizes["raw"][everything][way]) for way in WAYS)
        + " | "
        + " | ".join(_percent(sizes["recorded"][way]) for way in WAYS)
        + " |"
        for nodes, sizes in by_size.items()
    ]
    raw, recorded = by_size["50"]["raw"], by_size["50"]["recorded"]
    by_area = {way: " and ".join(f"{_percent(raw[area][way])} for {area}" for area in areas) for way in WAYS}
    largest, most = list(by_size.items())[-1]
    return (
        "Opening the dashboards is cheap. By Prometheus' own count, all boards that answer a panel of Cilium's own "
        "dashboards read,\nof the samples that those read:\n\n"
        "| | first screen | open rows | every row | with recording rules: first screen | open rows | every row |\n"
        f"|{'---|' * 7}\n" + "\n".join(lines) + "\n\n"
        "The first screen is what Grafana queries before one scrolls. "
        f"On 50 nodes it is {by_area['first']};\nopen rows are {by_area['open']}. "
        "`make bench` measures all sizes; CI enforces the budgets on 50 nodes.\n\n"
        f"With [recording rules](#recording-rules) all boards read {recorded['samples']:,} samples when they open on "
        f"50 nodes, and {most['recorded']['samples']:,} on {largest}.\n"
        f"Evaluating these rules reads {_billions(recorded['evaluation'])} samples a day on 50 nodes. They pay from "
        f"{recorded['openings']:.0f} openings of all boards a day on,\nor from {recorded['screens']:.0f} screens that "
        f"show a board all day; that does not depend on the number of nodes. Alerts read "
        f"{_billions(recorded['alerts'])} a day.\n"
    )


def _billions(samples: float) -> str:
    return f"{samples / 1e9:.2g} billion"


def _percent(share: float) -> str:
    return f"{100 * share:.2g} %"


def thresholds(limits: Mapping[str, Limit], names: Sequence[str]) -> str:
    """One row for each limit: its name, what it is of, its unit and its levels."""
    lines = [f"| threshold | of | unit | {' | '.join(names)} |", "|---" * (len(names) + 3) + "|"]
    for name, limit in sorted(limits.items()):
        levels = {level.name: f"{level.value:g}" for level in limit.levels}
        about = f"{limit.about}; less is worse" if limit.lower_is_worse else limit.about
        values = " | ".join(levels.get(level, "") for level in names)
        lines.append(f"| {name} | {about} | {limit.unit} | {values} |")
    return "\n".join(lines) + "\n"


def gallery(boards: Sequence[Compiled]) -> str:
    """The existing pictures, in two columns, each with its board's title."""
    paths = {board.title: f"docs/pictures/{board.uid}.png" for board in boards}
    cells = [f"![{title}]({path})" for title, path in paths.items() if (ROOT / path).is_file()]
    rows = [cells[start : start + COLUMNS] for start in range(0, len(cells), COLUMNS)]
    lines = ["| " + " | ".join(row + [""] * (COLUMNS - len(row))) + " |" for row in rows]
    return "\n".join(["| | |", "|---|---|", *lines]) + "\n"


def pages() -> dict[str, str]:
    """The pages of docs/doctor: one for each cause, and a list of all with their symptoms."""
    by_cause = {cause: manual_page(cause) for cause in cause_ids()}
    symptoms = {cause: page.splitlines()[0].partition(": ")[2] for cause, page in by_cause.items()}
    rows = [f"| [{cause}]({cause}.md) | {symptom} |" for cause, symptom in symptoms.items()]
    result = {"README.md": "\n".join([DOCTOR, "| cause | symptoms |", "|---|---|", *rows]) + "\n"}
    for cause, page in by_cause.items():
        result[f"{cause}.md"] = f"# {cause}\n\n**{symptoms[cause]}**\n{page.partition(chr(10))[2]}\n"
    return result


def runbook_index() -> str:
    """The list of docs/runbooks: each alert with its severity, and what it says."""
    names = [objective.name for group in _groups() for objective in group.objectives]
    promised = Configuration(alerts=Alerts(objectives=tuple((name, 0.99) for name in names)))
    lines = [RUNBOOKS]
    for group in compile_rules(NEWEST, promised).groups:
        lines += [f"## {group.name}", "", "| alert | severity | |", "|---|---|---|"]
        for alert in group.alerts:
            page = alert.annotations["runbook_url"].rpartition("/")[2]
            summary = re.sub(r"{{ with .*", "", alert.annotations["summary"])
            summary = re.sub(r"{{ \$labels\.(\w+) }}", r"*\1*", re.sub(r"{{ \$value[^}]*}}", "*N*", summary))
            lines.append(f"| [{alert.alert}]({page}) | {alert.labels['severity']} | {summary} |")
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def _groups() -> list[RuleGroup]:
    return [build(name, NEWEST) for name in rule_names()]


def write_pages() -> None:
    """Write docs/doctor and the list of docs/runbooks, and remove pages of deleted causes."""
    (ROOT / "docs/runbooks/README.md").write_text(runbook_index(), encoding="utf-8")
    directory = ROOT / "docs/doctor"
    directory.mkdir(exist_ok=True)
    written = pages()
    for name, page in written.items():
        (directory / name).write_text(page, encoding="utf-8")
    for path in directory.glob("*.md"):
        if path.name not in written:
            path.unlink()


if __name__ == "__main__":
    write_pages()
    for name in TEXTS:
        path = ROOT / name
        text = path.read_text(encoding="utf-8")
        # make rebuilds .venv after a change of pyproject.toml, also of its time alone.
        if (current := generated(text, compile_boards())) != text:
            path.write_text(current, encoding="utf-8")
