"""`make catalogue CILIUM=1.20.2`: the catalogue by the code of that Cilium, and the findings of compile and lint."""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from dashboards_py.errors import DashboardsError
from tests.oracle import release

ROOT = Path(__file__).parents[2]
USAGE = "usage: make catalogue CILIUM=1.20.2 [FACTS=committed]: an exact version; committed facts are not derived again"


def main(arguments: Sequence[str]) -> int:
    """Exit code; 0 whatever compile and lint say: their words are what the reviewer reads next."""
    if not 1 <= len(arguments) <= 2 or not release.is_version(arguments[0]):
        print(f"Error: {USAGE}", file=sys.stderr)
        return 2
    version, *options = arguments
    try:
        if release.admit(version):
            print(f"{release.of(version)} is a new release: boards and values are compiled for it from now on")
            # The new release is known to a new process only.
            return subprocess.run([sys.executable, "-m", "tests.oracle", *arguments], cwd=ROOT, check=False).returncode
        return _derive(version, "committed" in options)
    except DashboardsError as error:
        print(f"Error: {error}", file=sys.stderr)
        return 2


def _derive(version: str, committed: bool) -> int:
    from tests.oracle import compare, helm_keys, hubble_labels, rewrite, run

    if not committed:
        print(f"Building Cilium {version} (ten minutes of processor time from nothing, seconds again)", flush=True)
        run.run(version)
    hubble_labels.write()
    if "CILIUM_CHARTS" in os.environ:
        helm_keys.write()
    changes = rewrite.summary(rewrite.rewrite(version))
    print(f"\n{len(changes)} changes to the catalogue:")
    print("\n".join(f"  {line}" for line in changes))
    left = compare.unexplained(version)
    print(f"\n{len(left)} disagreements that are neither fixed nor in tests/oracle/explained.json:")
    print("\n".join(f"  {one}" for one in left))
    shares = ", ".join(f"{what} {known} of {all_}" for what, (known, all_) in compare.shares(version).items())
    print(f"\nKnown by a program: {shares}")
    sys.stdout.flush()
    for command in ("compile", "lint"):
        print(f"\n{command} says on {release.of(version)}:", flush=True)
        _say(command, version)
    return 0


def _say(command: str, version: str) -> None:
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as scratch:
        out = ["--out", scratch] if command == "compile" else []
        subprocess.run(
            [str(Path(sys.executable).parent / "cilium-dashboards"), command, "--cilium", release.of(version), *out],
            cwd=ROOT,
            check=False,
        )


sys.exit(main(sys.argv[1:]))
