"""`make bench`: what a user waits for, side by side with a bare Python in the same run; exits 1 over budget.

Each command is a new process with bytecode present; the fastest of several runs counts, which is the least disturbed.
Budgets are seconds on two cores. The catalogue is timed inside one process, without its import.
"""

import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from dashboards_py.cli import cli

COMMAND = [str(Path(sys.executable).parent / "cilium-dashboards")]
HELP_BUDGET = 0.3
COMPILE_BUDGET = 1.0
CATALOGUE_BUDGET = 0.05
RUNS = 7
CATALOGUE = """
import time
from dashboards_py.catalog import entries, names
start = time.perf_counter()
found = sum(len(entries(name)) for name in names())
print(time.perf_counter() - start)
"""
API = "import grafana_client.api, dashboards_py.targets.grafana, dashboards_py.web.failure, dashboards_py.web.answer"


def fastest(command: Sequence[str]) -> float:
    """The least seconds that the command took in some runs."""
    times = []
    for _ in range(RUNS):
        start = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        times.append(time.perf_counter() - start)
    return min(times)


def main() -> int:
    """Print the table; 1 where anything is over its budget."""
    bare = fastest([sys.executable, "-c", "pass"])
    verbs = [[verb] for verb in cli.list_commands(None)]  # type: ignore[arg-type]
    rows = [("--help", [*COMMAND, "--help"], HELP_BUDGET)]
    rows += [(f"{' '.join(verb)} --help", [*COMMAND, *verb, "--help"], HELP_BUDGET) for verb in verbs]
    rows += [
        (f"deploy {name} --help", [*COMMAND, "deploy", name, "--help"], HELP_BUDGET) for name in ("files", "grafana")
    ]
    rows += [("import of Grafana's API", [sys.executable, "-c", API], HELP_BUDGET)]
    rows += [("compile of all boards", [*COMMAND, "compile", "--check"], COMPILE_BUDGET)]
    over = 0
    print(f"{'':28} {'seconds':>8} {'x bare Python':>14} {'budget':>8}")
    print(f"{'bare Python':28} {bare:8.3f} {1:14.1f}")
    for name, command, budget in rows:
        took = fastest(command)
        over += took > budget
        print(f"{name:28} {took:8.3f} {took / bare:14.1f} {budget:8.2f}{'  OVER' if took > budget else ''}")
    loaded = min(
        float(subprocess.run([sys.executable, "-c", CATALOGUE], capture_output=True, text=True, check=True).stdout)
        for _ in range(RUNS)
    )
    over += loaded > CATALOGUE_BUDGET
    flag = "  OVER" if loaded > CATALOGUE_BUDGET else ""
    print(f"{'load the whole catalogue':28} {loaded:8.3f} {loaded / bare:14.1f} {CATALOGUE_BUDGET:8.2f}{flag}")
    return 1 if over else 0


if __name__ == "__main__":
    sys.exit(main())
