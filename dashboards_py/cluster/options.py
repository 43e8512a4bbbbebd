"""The options that a user chooses for a cluster."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from dashboards_py.catalog import Release
from dashboards_py.configuration import DEFAULTS, Configuration
from dashboards_py.errors import DashboardsError
from dashboards_py.peer_label import DEFAULT_PEER_LABEL, PeerLabel


@dataclass(frozen=True, slots=True)
class Versions:
    """The pinned versions of charts; for Cilium, one for each release."""

    stack: str
    crds: str
    cilium: Mapping[Release, str]

    @classmethod
    def read(cls, stack: str, crds: str, cilium: str) -> "Versions":
        """Parse the versions; those in `cilium` are separated by spaces."""
        return cls(stack, crds, {Release.parse(version): version for version in cilium.split()})


@dataclass(frozen=True, slots=True)
class Options:
    """Where the stack is or will be (`namespace`, Helm `release`), and what may be done.

    `stack` False installs no prometheus-operator or Prometheus; `prometheus` (namespace/name) chooses among several.
    `peer_label` is the label that names pods on Hubble's boards, whose other settings are in `configuration`.
    `rules` applies the alerts as well; with `keep`, Prometheus stores only what boards and alerts read, and upstream's
    boards. `install_cilium` is a version of the chart, "" to install none. `take_over`
    overwrites manual edits; `replace_chart` upgrades a release that another chart of the same name and version
    rendered. `cache` is the directory in which compiled boards are kept; without one they are compiled.
    """

    versions: Versions
    namespace: str = "prometheus"
    release: str = "prometheus"
    stack: bool = True
    prometheus: str = ""
    install_cilium: str = ""
    peer_label: PeerLabel = DEFAULT_PEER_LABEL
    configuration: Configuration = DEFAULTS
    embedded_envoy: bool = False
    rules: bool = False
    keep: bool = False
    restart: bool = False
    take_over: bool = False
    replace_chart: bool = False
    uninstall_cilium: bool = False
    delete_volumes: bool = False
    interval: str = "30s"
    timeout: str = "10m"
    cache: Path | None = None

    @property
    def boards(self) -> Configuration:
        """The settings that the boards are compiled with."""
        return replace(self.configuration, peer_label=self.peer_label)

    @property
    def qualified_release(self) -> str:
        """`namespace/release` of the stack."""
        return f"{self.namespace}/{self.release}"


def cilium_version(text: str, versions: Versions) -> str:
    """The chart's version for `1.20` or `1.20.0`; an unsupported release raises DashboardsError."""
    try:
        release = Release.parse(text)
    except DashboardsError as error:
        raise DashboardsError(
            error.what, cause=error.cause, fix="give one of these, or a full version of one"
        ) from error
    if text.count(".") > 1:
        return text
    if release not in versions.cilium:
        raise DashboardsError(
            f"Cilium {text}", cause="no version of its chart is pinned", fix="give the full version: 1.20.0"
        )
    return versions.cilium[release]
