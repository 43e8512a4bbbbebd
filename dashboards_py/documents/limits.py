"""Limits on the documents that are read."""

from dataclasses import dataclass, replace

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """The maximum `size` in bytes, `depth` in levels of nesting, and number of `values` with aliases expanded.

    `fix` says how to raise the size limit, "" if that is not possible.
    """

    size: int
    depth: int
    values: int
    fix: str = ""

    def with_size(self, size: int, fix: str) -> "Limits":
        """The limits for documents of up to `size` bytes, with the number of values scaled accordingly."""
        return replace(self, size=size, values=max(self.values * size // self.size, 1), fix=fix)


# A dashboard is at most 16 MiB: in MySQL Grafana keeps it in a MEDIUMTEXT (pkg/services/sqlstore/migrations,
# "alter dashboard.data to mediumtext v1"), and Kubernetes takes no more than 1 MiB in a ConfigMap. A value for each
# 16 bytes is four times what dashboards hold, and keeps a file of brackets from filling the memory.
BOARDS = Limits(size=16 * MIB, depth=100, values=MIB)
# Helm keeps values and manifest of a release in a Secret, which Kubernetes limits to 1 MiB, compressed. A value of
# YAML takes ten times the time and memory that one of JSON does.
VALUES = Limits(size=16 * MIB, depth=100, values=MIB // 8)
# What charts render, CustomResourceDefinitions included: those of prometheus-operator have 92,000 values in 5 MB.
MANIFESTS = Limits(size=64 * MIB, depth=250, values=MIB)
# Responses of servers and programs that the user chose: the pods of the largest clusters fit.
ANSWERS = Limits(size=1024 * MIB, depth=250, values=64 * MIB)
