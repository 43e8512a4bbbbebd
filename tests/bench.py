"""`make bench`: how long commands take, relative to a bare Python in the same run; exits 1 over budget.

Each command runs as a new process with bytecode cached, alternating with a Python that does nothing. The fastest of
several runs counts, since it was disturbed least. Budgets are those of a machine whose bare Python takes BARE_SECONDS;
on any other the same ratios count. The catalogue is timed inside one process, without its import.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from dashboards_py.cli import cli

ROOT = Path(__file__).parents[1]
COMMAND = [str(Path(sys.executable).parent / "cilium-dashboards")]
BARE = [sys.executable, "-c", "pass"]
BARE_SECONDS = 0.0125
HELP_BUDGET = 0.1
READ_BUDGET = 0.15  # of what our boards and alerts say, once it was worked out
FOREIGN_BUDGET = 0.4  # where six boards of others are read as well
API_BUDGET = 0.2  # of which `requests`, with what it imports, takes half
COMPILE_BUDGET = 0.75  # 0.6 for all boards, and the rest for the alerts
TREES = (200, 2_000)  # other boards
TREE_BUDGET = 3.0  # of linting the small one
TREE_MEMORY = 100.0  # MB that linting the small one may take
LINEAR = 1.5  # times as long for each board of the large one
CATALOGUE_BUDGET = 0.05
PICTURE_BUDGET = 6.0  # of one board with every row open
PICTURES_BUDGET = 60.0  # of all boards
RUNS = 7
SLOW = 5.0  # seconds: what takes longer than this is run once
READS = (
    *("list", "show cilium-agent", "outline cilium-agent", "values", "values stack", "keep", "lint", "upstream"),
    *("catalog cilium_drop_count_total", "deploy files --dry-run --out nothing-yet", "drift files --out nothing-yet"),
)
# Only one line of the table reads upstream's boards, and names their directory.
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "UPSTREAM_BOARDS"}
CATALOGUE = """
import time
from dashboards_py.catalog import entries, names
start = time.perf_counter()
count = sum(len(entries(name)) for name in names())
print(time.perf_counter() - start)
"""
# Prints the most memory, in kilobytes, that the command in its arguments took (Linux).
MEMORY = """
import resource, subprocess, sys
code = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode
assert code in (0, 1), code
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""
API = "import grafana_client.api, dashboards_py.targets.grafana, dashboards_py.web.failure, dashboards_py.web.answer"


def seconds(command: Sequence[str], codes: Sequence[int]) -> float:
    """The duration of one run of the command, which may end with one of these exit codes."""
    start = time.perf_counter()
    completed = subprocess.run(command, check=False, capture_output=True, env=ENVIRONMENT)
    took = time.perf_counter() - start
    if completed.returncode not in codes:
        raise SystemExit(f"{' '.join(command)} failed:\n{completed.stderr.decode()}")
    return took


def fastest(command: Sequence[str], codes: Sequence[int] = (0, 1)) -> tuple[float, float]:
    """The shortest durations of the command and of a bare Python, run alternately; a slow command runs once.

    Findings of lint (exit code 1) are not a failure.
    """
    turns = [(seconds(command, codes), seconds(BARE, (0,)))]
    turns += [(seconds(command, codes), seconds(BARE, (0,))) for _ in range(RUNS - 1 if turns[0][0] < SLOW else 0)]
    return min(took for took, _ in turns), min(bare for _, bare in turns)


def help_commands(command: click.Command, *path: str) -> Iterator[tuple[str, ...]]:
    """Every command and subcommand, each to be run with --help."""
    yield path
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            assert inner, name
            yield from help_commands(inner, *path, name)


def foreign_board() -> Path:
    """The largest of Cilium's own dashboards if UPSTREAM_BOARDS is set, else the largest of ours."""
    directory = Path(os.environ.get("UPSTREAM_BOARDS") or ROOT / "provisioning")
    return max(directory.rglob("*.json"), key=lambda path: path.stat().st_size)


def write_tree(directory: Path, count: int) -> Path:
    """A directory of copies of Cilium's own boards if UPSTREAM_BOARDS is set, else of ours; their queries differ."""
    sources = sorted(Path(os.environ.get("UPSTREAM_BOARDS") or ROOT / "provisioning/dashboards").rglob("*.json"))
    tree = directory / str(count)
    tree.mkdir(exist_ok=True)
    for number in range(count):
        text = sources[number % len(sources)].read_text(encoding="utf-8")
        for window in ("$__rate_interval", "5m", "1m"):
            text = text.replace(f"[{window}]", f"[{60 + number}s]")
        (tree / f"{number}.json").write_text(text, encoding="utf-8")
    return tree


def main() -> int:
    """Print the tables; 1 if anything is over its budget.

    Until the first `git status` of a new checkout, git reads all files of it for each command that names the commit.
    """
    subprocess.run(["git", "update-index", "-q", "--refresh"], cwd=ROOT, check=False)
    with tempfile.TemporaryDirectory(prefix="bench-") as directory:
        tree = Path(directory)
        return int(any((over_budget(tree), not is_linear(tree), not is_small(tree))))


def is_linear(directory: Path) -> bool:
    """Print how long a directory of many boards takes to be linted, against one of a few."""
    small, large = (seconds([*COMMAND, "lint", str(write_tree(directory, count))], (0, 1)) / count for count in TREES)
    print(f"lint of {TREES[0]:,} other boards: {small * 1000:.1f} ms each, of {TREES[1]:,}: {large * 1000:.1f} ms each")
    return large <= small * LINEAR


def is_small(directory: Path) -> bool:
    """Print the memory that a directory of other boards takes to be linted."""
    command = [*COMMAND, "lint", str(write_tree(directory, TREES[0]))]
    measured = subprocess.run([sys.executable, "-c", MEMORY, *command], capture_output=True, text=True, check=True)
    megabytes = int(measured.stdout) / 1000
    print(f"lint of {TREES[0]:,} other boards: {megabytes:.0f} MB of {TREE_MEMORY:.0f}")
    return megabytes <= TREE_MEMORY


def over_budget(directory: Path) -> int:
    """Print a line for each command; the number of those over budget."""
    rows = [
        (f"{' '.join(path)} --help".strip(), [*COMMAND, *path, "--help"], HELP_BUDGET) for path in help_commands(cli)
    ]
    board = foreign_board()
    upstream = os.environ.get("UPSTREAM_BOARDS", "")
    rows += [(command, [*COMMAND, *command.split()], READ_BUDGET) for command in READS]
    if upstream:
        rows += [("upstream, with its boards", [*COMMAND, "upstream", "--boards", upstream], FOREIGN_BUDGET)]
    rows += [
        ("import of Grafana's API", [sys.executable, "-c", API], API_BUDGET),
        (f"lint {board.name}", [*COMMAND, "lint", str(board)], FOREIGN_BUDGET),
        ("compile of all boards", [*COMMAND, "compile", "--check"], COMPILE_BUDGET),
        (f"lint of {TREES[0]} other boards", [*COMMAND, "lint", str(write_tree(directory, TREES[0]))], TREE_BUDGET),
    ]
    pictures = [*COMMAND, "preview", "--demo", "healthy", "--rows", "all", "--out", str(ROOT / "build/bench-pictures")]
    rows += [
        ("picture of the largest board", [*pictures, "cilium-agent"], PICTURE_BUDGET),
        ("pictures of all boards", pictures, PICTURES_BUDGET),
    ]
    width = max(len(name) for name, _, _ in rows)
    over = 0
    print(f"{'':{width}} {'seconds':>8} {'bare Python':>12} {'ratio':>6} {'budget':>8}")
    for name, command, budget in rows:
        took, bare = fastest(command)
        ratio, limit = took / bare, budget / BARE_SECONDS
        over += ratio > limit
        flag = "  OVER" if ratio > limit else ""
        print(f"{name:{width}} {took:8.3f} {bare:12.3f} {ratio:6.1f} {limit:8.1f}{flag}", flush=True)
    catalogue = [sys.executable, "-c", CATALOGUE]
    loaded = min(
        float(subprocess.run(catalogue, capture_output=True, text=True, check=True).stdout) for _ in range(RUNS)
    )
    over += loaded > CATALOGUE_BUDGET
    flag = "  OVER" if loaded > CATALOGUE_BUDGET else ""
    print(f"{'load the whole catalogue':{width}} {loaded:8.3f} {'':12} {'':6} {CATALOGUE_BUDGET:8.2f}{flag}")
    return over


if __name__ == "__main__":
    sys.exit(main())
