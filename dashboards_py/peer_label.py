"""The label that names the pods at both ends of Hubble's flows."""

from typing import Literal

# The boards are written with `app`, which all nodes know for all pods. The workload is known only on the pod's own node
# (pkg/hubble/parser/common/endpoint.go); it is for clusters whose pods have no label that names their application. The
# pod is known everywhere and costs the most series.
PeerLabel = Literal["app", "workload", "pod"]
DEFAULT_PEER_LABEL: PeerLabel = "app"
