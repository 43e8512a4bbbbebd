"""The values of a chart in a document, as layers, the last of which counts most."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

ARCHIVE = re.compile(r"-v?\d[^/]*\.tgz$")  # the end of the name of a packaged chart


@dataclass(frozen=True, slots=True)
class Reference:
    """Values that are stored elsewhere: in the `key` of a ConfigMap or Secret, or in a file (then `key` is "").

    With `target`, a dotted key, the text is the value of that key: as of Helm's `--set`, or `literal` text. A
    missing reference that is `optional` is no error.
    """

    kind: str
    name: str
    key: str = ""
    namespace: str = ""
    optional: bool = False
    target: str = ""
    literal: bool = False

    def __str__(self) -> str:
        where = f"{self.namespace}/{self.name}" if self.namespace else self.name
        return f"{self.kind} {where}" + (f", key {self.key}" if self.key else "")


@dataclass(frozen=True, slots=True)
class Layer:
    """Values at a path of the document: a map, a YAML text, a reference, or assignments as of Helm's flags.

    `assignments` are by the flag's name: set, set_string. `why` is the reason for which values there cannot be known.
    """

    path: str
    values: Mapping[str, Any] | None = None
    text: str | None = None
    reference: Reference | None = None
    assignments: Mapping[str, Sequence[str]] = field(default_factory=dict)
    why: str = ""


@dataclass(frozen=True, slots=True)
class Carrier:
    """A document with values: its kind and name, the chart's name ("" if it does not tell), and the layers.

    `hints` are other names that may name the chart, the first the Helm release's ("" if it is the object's). `path` is
    where values belong that are added.
    """

    kind: str
    name: str
    chart: str
    hints: tuple[str, ...]
    layers: tuple[Layer, ...]
    path: str


def last_part(name: str) -> str:
    """The chart's name in `repository/cilium`, `oci://quay.io/cilium/charts/cilium:1.18.2` or `cilium-1.18.2.tgz`."""
    return ARCHIVE.sub("", name.rstrip("/").rpartition("/")[2].partition(":")[0].partition("@")[0])
