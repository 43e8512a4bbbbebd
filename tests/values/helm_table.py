"""How a real Helm parses `--set`, `--set-string` and `--set-json`: a table to test helm_set with.

`python -m tests.values.helm_table` asks the helm on PATH for each line of helm_set.json and writes its output.
"""

import json
import subprocess
import sys
from base64 import b64decode
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypedDict

TABLE = Path(__file__).with_name("helm_set.json")
TEMPLATE = "values: {{ toJson .Values | b64enc }}\n"


class Row(TypedDict):
    """Flags as on a command line, and the values as Helm parses them: None if it refuses them."""

    flags: list[str]
    values: dict[str, Any] | None


def rows() -> list[Row]:
    """The table."""
    rows_read: list[Row] = json.loads(TABLE.read_text(encoding="utf-8"))["rows"]
    return rows_read


def by_kind(flags: Sequence[str]) -> dict[str, list[str]]:
    """`--set-string=a=b` and so on as the arguments of `helm_set.apply`."""
    by_kind_of_flag: dict[str, list[str]] = {}
    for flag in flags:
        kind, _, text = flag.partition("=")
        by_kind_of_flag.setdefault(kind.removeprefix("--").replace("-", "_"), []).append(text)
    return by_kind_of_flag


def chart(directory: Path) -> Path:
    """A chart without values of its own, which prints those of the command line."""
    (directory / "templates").mkdir(parents=True)
    (directory / "Chart.yaml").write_text("apiVersion: v2\nname: printed\nversion: 0.1.0\n")
    (directory / "templates" / "values.yaml").write_text(TEMPLATE)
    return directory


def helm_values(directory: Path, flags: Sequence[str], helm: str = "helm") -> dict[str, Any] | None:
    """The values that Helm passes to the chart; None if it refuses the flags."""
    command = [helm, "template", str(directory), *flags]
    completed = subprocess.run(command, capture_output=True, text=True, check=False)
    if completed.returncode:
        assert "failed parsing --set" in completed.stderr, completed.stderr
        return None
    (line,) = (line for line in completed.stdout.splitlines() if line.startswith("values: "))
    values: dict[str, Any] = json.loads(b64decode(line.removeprefix("values: ")))
    return values


def version() -> str:
    """The version of the helm on PATH."""
    command = ["helm", "version", "--template", "{{.Version}}"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def main() -> int:
    """Write the table again, for the flags that are in it."""
    with TemporaryDirectory() as directory:
        of = chart(Path(directory) / "printed")
        answers = [json.dumps({"flags": row["flags"], "values": helm_values(of, row["flags"])}) for row in rows()]
    lines = ",\n".join(f"  {line}" for line in answers)
    TABLE.write_text(f'{{"helm": "{version()}", "rows": [\n{lines}\n]}}\n', encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
