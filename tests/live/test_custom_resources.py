"""`deploy operator` and `deploy perses` on a real API server with their operators' CRDs and rules (CEL)."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from dashboards_py.provisioning import provisioning_files
from dashboards_py.targets import Payload, load
from tests.components import path_of
from tests.live.kubernetes import Kubernetes, Namespace, namespace

OPTIONS: Mapping[str, Mapping[str, Any]] = {
    "operator": {"instances": "dashboards=grafana", "any_namespace": False, "overwrite": False},
    "perses": {"instances": None, "overwrite": False},
}


@pytest.fixture
def live_namespace(kubeconfig: str) -> Iterator[Namespace]:
    """A namespace of a cluster that knows the kinds of both operators."""
    definitions = sorted(path_of("custom-resources").glob("*dashboards.yaml")) + sorted(
        path_of("custom-resources").glob("*folders.yaml")
    )
    assert definitions
    with namespace(Kubernetes.real(kubeconfig)) as created:
        for path in definitions:
            created.kubectl("apply", "--server-side", f"--filename={path}")
        created.kubectl("wait", "--for=condition=Established", *(f"--filename={path}" for path in definitions))
        yield created
        created.kubectl("delete", *(f"--filename={path}" for path in definitions))  # waits: the next test defines them


@pytest.mark.parametrize("target", OPTIONS)
def test_the_operators_kinds(live_namespace: Namespace, tmp_path: Path, target: str) -> None:
    """All objects are applied, also with the annotation of `kubectl apply`; again nothing changes."""
    payload = Payload(provisioning_files())
    list(load(target).prepare(payload, {**OPTIONS[target], "out": tmp_path}).apply())
    files = [path for path in tmp_path.rglob("*.yaml") if path.name != "kustomization.yaml"]
    created = live_namespace.kubectl("apply", f"--kustomize={tmp_path}").splitlines()
    assert len(created) == len(files) >= len(list(payload.boards()))
    assert all(line.endswith(" created") for line in created)
    again = live_namespace.kubectl("apply", f"--kustomize={tmp_path}").splitlines()
    assert all(line.endswith(" unchanged") for line in again)
