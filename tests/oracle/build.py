"""Build the Go programs of this directory against an exact version of Cilium's module.

Everything that Go writes goes to ORACLE_HOME (~/.cache/cilium-oracle), a directory a version; what is pinned, each
module that the build takes and its sum, is committed in modules/VERSION. A version that is not pinned yet is resolved
from the go.mod of Cilium itself, and pinned.

`python -m tests.oracle.build 1.20.2 hubble peers hubble-relay` only builds programs and prints their paths.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from dashboards_py.errors import DashboardsError

DIRECTORY = Path(__file__).parent
MODULES = DIRECTORY / "modules"
CILIUM = "github.com/cilium/cilium"
PROGRAMS = ("declared", "hubble")  # what the catalogue asks
# Cilium's own programs that can be built as well, by the name of their binary.
CILIUMS: Mapping[str, str] = {
    "hubble-relay": f"{CILIUM}/hubble-relay",
    "cilium-operator-generic": f"{CILIUM}/operator",
    "clustermesh-apiserver": f"{CILIUM}/clustermesh-apiserver",
}
PINNED = ("go.mod", "go.sum")
OLDEST_GO = (1, 26)
# Modules that the proxy lacks at the version that some Cilium names, and the nearest version that it has.
NEAREST: Mapping[str, str] = {
    "github.com/osrg/gobgp/v4": "v4.7.0",
    "k8s.io/endpointslice": "v0.32.12",
    "sigs.k8s.io/mcs-api/controllers": "v0.0.0-20260403094305-4b9911b73f14",
}
# Whose sources `defined` reads besides Cilium's own: what every component takes over from them.
LIBRARIES = (
    "github.com/prometheus/client_golang",
    "github.com/grpc-ecosystem/go-grpc-prometheus",
    "sigs.k8s.io/controller-runtime",
)


def home(version: str) -> Path:
    """Where Go writes for that version."""
    base = os.environ.get("ORACLE_HOME") or Path.home() / ".cache" / "cilium-oracle"
    return Path(base) / version


def go(*args: str, cwd: Path, timeout: float = 3600) -> str:
    """What a go command prints; DashboardsError with the end of its complaint where it fails or there is no Go."""
    environment = {**os.environ, "GOFLAGS": "-mod=mod -buildvcs=false", "GOTOOLCHAIN": "local"}
    try:
        process = subprocess.run(
            ["go", *args], cwd=cwd, env=environment, capture_output=True, text=True, check=False, timeout=timeout
        )
    except FileNotFoundError as error:
        raise DashboardsError(
            "go",
            cause="is not on PATH",
            fix=f"install Go {OLDEST_GO[0]}.{OLDEST_GO[1]} or newer (https://go.dev/dl) and rerun make catalogue",
        ) from error
    if process.returncode:
        raise DashboardsError(f"go {' '.join(args)}", cause=process.stderr.strip()[-2000:] or "failed")
    return process.stdout


def require_go() -> None:
    """DashboardsError where Go is missing or too old for Cilium's module."""
    text = go("env", "GOVERSION", cwd=DIRECTORY).strip()
    go_version = re.match(r"go(\d+)\.(\d+)", text)
    if not go_version or (int(go_version[1]), int(go_version[2])) < OLDEST_GO:
        wanted = ".".join(map(str, OLDEST_GO))
        raise DashboardsError(
            f"go is {text}", cause=f"Cilium needs {wanted}", fix="install a newer Go (https://go.dev/dl)"
        )


def source_of(module: str, version: str) -> Path:
    """The directory of a module's source, downloaded where it is not there yet."""
    with tempfile.TemporaryDirectory() as scratch:
        (Path(scratch) / "go.mod").write_text("module scratch\n")
        download = json.loads(go("mod", "download", "-json", f"{module}@{version}", cwd=Path(scratch)))
    return Path(download["Dir"])


def prepare(version: str) -> Path:
    """The directory in which that version is built, with its go.mod: the pinned one, or one made from Cilium's."""
    require_go()
    directory = home(version)
    (directory / "bin").mkdir(parents=True, exist_ok=True)
    pinned = MODULES / version
    if pinned.is_dir():
        for name in PINNED:
            shutil.copy(pinned / name, directory / name)
    elif not (directory / "go.mod").is_file():
        (directory / "go.mod").write_text(resolved(version))
    return directory


def is_built(version: str, *programs: str) -> bool:
    """Whether programs of this directory are built of that version, from the sources that are here now."""
    return all(
        (home(version) / "bin" / program).is_file()
        and _sources(home(version) / program) == _sources(DIRECTORY / program)
        for program in programs
    )


def files(directory: Path) -> Sequence[str]:
    """The Go files of a program that needs no module."""
    return sorted(path.name for path in directory.glob("*.go"))


def _sources(directory: Path) -> Mapping[str, bytes]:
    return {path.name: path.read_bytes() for path in directory.glob("*.go")}


def build(version: str, programs: Sequence[str] = PROGRAMS) -> Mapping[str, Path]:
    """Programs of that version, of this directory or Cilium's own; from nothing ten minutes of processor time."""
    directory = prepare(version)
    binaries = {program: directory / "bin" / program for program in programs}
    for program, binary in binaries.items():
        go("build", *_build_arguments(program, version), "-o", str(binary), _package(program, directory), cwd=directory)
        if (taken := cilium_of((directory / "go.mod").read_text())) != f"v{version}":
            for path in (binary, *(directory / name for name in PINNED)):
                path.unlink(missing_ok=True)
            raise DashboardsError(
                program,
                cause=f"does not build on Cilium {version}: it needs a package of {taken}, which Go took instead",
            )
    (MODULES / version).mkdir(parents=True, exist_ok=True)
    for name in PINNED:
        shutil.copy(directory / name, MODULES / version / name)
    return binaries


def cilium_of(go_mod: str) -> str:
    """The version of Cilium that a go.mod requires; Go raises it by itself where a package is missing."""
    required = re.search(rf"^(?:require |\t){re.escape(CILIUM)} (v\S+)", go_mod, re.M)
    return required[1] if required else ""


def _build_arguments(program: str, version: str) -> Sequence[str]:
    if program not in CILIUMS:
        return ("-tags", f"c{'_'.join(version.split('.')[:2])},osusergo")
    stamp = f"-s -w -X {CILIUM}/pkg/version.ciliumVersion={version}"
    return ("-tags", "ipam_provider_operator,osusergo", "-ldflags", stamp)


def _package(program: str, directory: Path) -> str:
    """What to build: the import path of one of Cilium's, or a copy of ours next to the go.mod."""
    if program in CILIUMS:
        return CILIUMS[program]
    if not (DIRECTORY / program / "main.go").is_file():
        known = sorted(path.parent.name for path in DIRECTORY.glob("*/main.go"))
        raise DashboardsError(program, cause="is no program", fix=f"known: {', '.join((*known, *CILIUMS))}")
    shutil.rmtree(directory / program, ignore_errors=True)
    shutil.copytree(DIRECTORY / program, directory / program)
    return f"./{program}"


def sources(version: str) -> Iterator[tuple[Path, str]]:
    """The source directories that `defined` reads, each with its import path: Cilium's, then those of libraries."""
    cilium = source_of(CILIUM, f"v{version}")
    yield cilium, CILIUM
    text = (cilium / "go.mod").read_text(encoding="utf-8")
    for module in LIBRARIES:
        if required := re.search(rf"^\t?(?:require )?{re.escape(module)} (v\S+)", text, re.M):
            yield source_of(module, required[1]), module


def resolved(version: str) -> str:
    """A go.mod that takes that Cilium and what its own go.mod replaces, as far as the module proxy has it.

    Cilium's replacements do not reach those who depend on it. A fork that the proxy does not serve is left out: what
    it replaces is taken instead, and a comment names it. None of them declares a metric.
    """
    text = (source_of(CILIUM, f"v{version}") / "go.mod").read_text(encoding="utf-8")
    go_version = re.search(r"^go (\S+)", text, re.M)
    lines = ["module oracle", "", f"go {go_version[1] if go_version else '1.26'}", "", f"require {CILIUM} v{version}"]
    for module, fork, at in re.findall(r"^(?:replace |\t)(\S+) => (\S+) (v\S+)", text, re.M):
        lines.append(
            f"replace {module} => {fork} {at}" if served(fork, at) else f"// left out: {module} => {fork} {at}"
        )
    for module, nearest in NEAREST.items():
        named = re.search(rf"^\t{re.escape(module)} (v\S+)", text, re.M)
        if named and not served(module, named[1]):
            lines.append(f"replace {module} => {module} {nearest} // instead of {named[1]}")
    return "\n".join(lines) + "\n"


def served(module: str, version: str) -> bool:
    """Whether the module proxy has that version, and the checksum database its sum."""
    try:
        source_of(module, version)
    except DashboardsError:
        return False
    return True


if __name__ == "__main__":
    for built in build(sys.argv[1], sys.argv[2:] or PROGRAMS).values():
        print(built)
