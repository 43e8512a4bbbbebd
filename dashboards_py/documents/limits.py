"""Limits on the documents that are read."""

from dataclasses import dataclass, replace

from dashboards_py.errors import DashboardsError

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """The maximum `size` in bytes, nesting `depth`, and number of `values` with aliases expanded.

    `fix` describes how to raise the size limit, "" if that is not possible.
    """

    size: int
    depth: int
    values: int
    fix: str = ""

    def with_size(self, size: int, fix: str) -> "Limits":
        """The limits for documents of up to `size` bytes, with the number of values scaled accordingly."""
        return replace(self, size=size, values=max(self.values * size // self.size, 1), fix=fix)

    def check_size(self, size: int, name: str) -> None:
        """Raise DashboardsError for a document that exceeds the size limit, in bytes or characters."""
        if size > self.size:
            limit = f"{self.size // MIB} MiB" if self.size >= MIB else f"{self.size} bytes"
            raise DashboardsError(name, cause=f"is larger than {limit}", fix=self.fix)


# A dashboard is at most 16 MiB: in MySQL, Grafana stores it as MEDIUMTEXT (pkg/services/sqlstore/migrations,
# "alter dashboard.data to mediumtext v1"), and Kubernetes limits a ConfigMap to 1 MiB. One value per 16 bytes is four
# times as many as dashboards have, and keeps a file of brackets from exhausting memory.
BOARDS = Limits(size=16 * MIB, depth=100, values=MIB)
# Helm stores the values and manifest of a release, compressed, in a Secret, which Kubernetes limits to 1 MiB. YAML
# takes ten times as much time and memory per value as JSON.
VALUES = Limits(size=16 * MIB, depth=100, values=MIB // 8)
# Rendered charts with their CustomResourceDefinitions: those of prometheus-operator have 92,000 values in 5 MB.
MANIFESTS = Limits(size=64 * MIB, depth=250, values=MIB)
# Responses of servers and programs that the user chose: large enough for the pods of the largest clusters.
ANSWERS = Limits(size=1024 * MIB, depth=250, values=64 * MIB)
