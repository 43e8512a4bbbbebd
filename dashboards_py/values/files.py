"""Write the values to files: one for each Cilium release, and one for kube-prometheus-stack."""

from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path

from dashboards_py.catalog import RELEASES, Release
from dashboards_py.errors import ProblemsFound
from dashboards_py.need import Need
from dashboards_py.tree import replace_all
from dashboards_py.values.render import to_yaml
from dashboards_py.values.required import required_values, without_pairs_of_nodes
from dashboards_py.values.stack import stack

MARK = "# Printed by `cilium-dashboards values"  # a line that marks files that may be overwritten


def cilium_head(release: Release) -> str:
    """The comment above values of the Cilium chart."""
    return (
        f"Values of the Cilium chart {release}: the metrics that the boards read, and nothing else.\n"
        "Printed by `cilium-dashboards values cilium`. Beside each line: a panel that needs it."
    )


def cilium_text(
    needs: Sequence[Need],
    release: Release,
    labels: Mapping[str, str],
    interval: str,
    scraped: Collection[str] = (),
    are_all: bool = False,
) -> str:
    """Values of the Cilium chart as YAML; the arguments are as in `required_values`.

    If the needs `are_all` that there are, metrics of pairs of nodes that are not among them are turned off.
    """
    values = required_values(needs, release, labels=labels, interval=interval, mesh=False, scraped=scraped)
    if are_all:
        values = without_pairs_of_nodes(values, needs, release)
    return to_yaml(values, cilium_head(release))


def stack_text(selected_by: str, interval: str) -> str:
    """Values of kube-prometheus-stack as YAML."""
    head = (
        f"Values of kube-prometheus-stack for the boards, installed as the Helm release {selected_by}.\n"
        f"Printed by `cilium-dashboards values stack`.\n"
        f"How histograms are stored is yours to choose (scrapeNativeHistograms, scrapeClassicHistograms and\n"
        f"convertClassicHistogramsToNHCB of the Prometheus and of ServiceMonitors): our boards read both kinds.\n"
        f"`cilium-dashboards values stack --check FILE --board BOARD` names panels of other boards that are\n"
        f"empty with your switches, and `cilium-dashboards lint BOARD` the queries to write instead."
    )
    return to_yaml(stack(selected_by=selected_by, interval=interval), head)


def file_of(release: Release) -> str:
    """The name of the file with the values of a release."""
    return f"cilium-{release}.yaml"


def value_files(needs: Callable[[Release], Sequence[Need]], selected_by: str, interval: str) -> dict[str, bytes]:
    """The contents of the files, by name; `needs` returns what the boards need of a release."""
    texts = {
        file_of(release): cilium_text(needs(release), release, {"release": selected_by}, interval, (), True)
        for release in RELEASES
    }
    texts["stack.yaml"] = stack_text(selected_by, interval)
    return {name: text.encode() for name, text in texts.items()}


def write_value_files(directory: Path, files: dict[str, bytes]) -> list[str]:
    """Write all of the files or none; returns the names of those that changed.

    Raises ProblemsFound for a foreign file, and DashboardsError for an OSError; then no file is changed.
    """
    changed = changed_value_files(directory, files)
    foreign = [name for name in changed if (directory / name).is_file() and not _is_ours(directory / name)]
    if foreign:
        raise ProblemsFound(
            f"{directory}: {', '.join(foreign)} would be overwritten, but was not written by `values`",
            fix="move it away, or write to another directory",
        )
    replace_all({directory / name: files[name] for name in changed})
    return changed


def changed_value_files(directory: Path, files: dict[str, bytes]) -> list[str]:
    """The names of files that are missing in the directory or differ."""
    paths = {name: directory / name for name in files}
    return [name for name, path in paths.items() if not path.is_file() or path.read_bytes() != files[name]]


def _is_ours(path: Path) -> bool:
    return MARK in path.read_text(encoding="utf-8", errors="replace")
