"""The cluster west of a mesh is stale: for 25 minutes its clustermesh-apiserver cannot be reached.

kvstoremesh reads the remote clusters for all agents, so that only it has lost west: it is not ready for west, tries to
connect again and counts each failure (pkg/clustermesh/common/remote_cluster.go). Agents and operators read its copy in
the etcd of their own cluster and stay ready; what they know of west does not change any more. Without a limit for that
(clustermesh-cache-ttl), nothing is revoked.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from dashboards_py.demo.motion import Floats, Latest, Level, step
from dashboards_py.demo.scenes._part import Part

CLUSTER = "west"
LOST = -1500.0
RETRY = 70.0  # seconds between attempts to connect


@dataclass(frozen=True, slots=True)
class _Known:
    """What agents know of the cluster: as it was when it was lost."""

    actual: Level

    def __call__(self, seconds: Floats) -> Floats:
        """The values at these times."""
        return self.actual(np.minimum(seconds, LOST))


def played(part: Part) -> Iterator[Part]:
    """The series of the remote cluster; all others are as they were."""
    if part.labels.get("target_cluster") != CLUSTER:
        yield part
    elif part.name == "cilium_kvstoremesh_remote_cluster_readiness_status":
        yield part.moving(step(1.0, LOST, 0.0))
    elif part.name == "cilium_kvstoremesh_remote_cluster_failures":
        yield part.moving(_failures)
    elif part.name == "cilium_kvstoremesh_remote_cluster_last_failure_ts" and isinstance(part.motion, Latest):
        yield part.moving(replace(part.motion, period=RETRY, phase=LOST)).since(LOST)
    elif isinstance(part.motion, Level) and part.name.startswith("cilium_clustermesh_remote_cluster"):
        yield part.moving(_Known(part.motion))
    else:
        yield part


def _failures(seconds: Floats) -> Floats:
    """The failed attempts since the cluster was lost."""
    attempts: Floats = np.maximum(np.floor((seconds - LOST) / RETRY) + 1, 0.0)
    return attempts
