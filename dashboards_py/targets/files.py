"""Boards as files: a provider YAML and a directory tree for Grafana's file provisioning."""

from pathlib import Path, PurePosixPath, PureWindowsPath

from dashboards_py.errors import DashboardsError
from dashboards_py.targets._directory import OVERWRITE, Leftover, board_left, compare, out_option
from dashboards_py.targets._plan import PRUNE, Deployment, Option, Options, Payload

SUMMARY = "Files for Grafana's provisioning: a provider YAML and the boards."
OPTIONS = (
    out_option("build/grafana"),
    Option(
        "path",
        "Where Grafana will find the boards; the provider YAML names it.",
        env="DASHBOARDS_PATH",
        default="/etc/grafana/dashboards",
    ),
    Option("rules", "Write the alerts as well, in each format, to the directory's rules/.", flag=True),
    PRUNE,
    OVERWRITE,
)
PROVIDER = "provisioning/dashboards/cilium-dashboards.yaml"


def prepare(payload: Payload, options: Options) -> Deployment:
    """Compare the directory with what should be there. Files there that are not ours are never touched."""
    wanted = {f"dashboards/{folder}/{uid}.json": content for folder, uid, content in payload.boards()}
    wanted |= payload.rules
    wanted[PROVIDER] = _provider(options["path"])
    return compare(wanted, options, lambda name: _leftover(name, payload))


def _provider(path: str) -> bytes:
    _ensure_absolute(path)
    # here, like the compiler, so that --help need not wait for them
    from dashboards_py.documents.write_yaml import write_yaml
    from dashboards_py.provisioning import WRITTEN_BY, file_provider

    return (WRITTEN_BY + write_yaml(file_provider(path), 10**6)).encode()


def _ensure_absolute(path: str) -> None:
    """Refuse a path for which Grafana would look below the directory in which it was started.

    It makes a relative one absolute (filepath.Abs in pkg/services/provisioning/dashboards/file_reader.go), after it has
    put the environment's values into it (pkg/services/provisioning/values). It may run on Windows.
    """
    fix = "name the directory in which Grafana finds the boards, such as /etc/grafana/dashboards"
    if not path.strip():
        raise DashboardsError("--path", cause="is empty", fix=fix)
    if not (path.startswith("$") or PurePosixPath(path).is_absolute() or PureWindowsPath(path).is_absolute()):
        cause = f"{path} is relative: Grafana would look for it below the directory in which it was started"
        raise DashboardsError("--path", cause=cause, fix=fix)


def _leftover(name: str, payload: Payload) -> Leftover:
    """Why a file is none of those to deploy; one in a former folder would give Grafana the board twice."""
    if name.startswith("rules/"):
        if payload.rules:
            return Leftover("alerts that are left out now")
        return Leftover("alerts of an earlier run; if you want none any more", kept=True)
    uid = Path(name).stem
    folder = next((folder for folder, other, _ in payload.boards() if other == uid), "")
    # With two files of one uid Grafana writes no board of this provider any more ("no database write permissions
    # because of duplicates", grafana/grafana#39467).
    if folder:
        return Leftover(f"its board is in the folder {folder} now")
    return board_left(name, payload)
