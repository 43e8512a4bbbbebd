"""`deploy operator` on a real API server with the CRDs of grafana-operator, whose rules (CEL) it checks."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from dashboards_py.provisioning import provisioning_files
from dashboards_py.targets import Payload, operator
from tests.components import path_of
from tests.live.kubernetes import Namespace, namespace

OPTIONS = {"instances": "dashboards=grafana", "any_namespace": False, "overwrite": False}


@pytest.fixture
def live_namespace(kubeconfig: str) -> Iterator[Namespace]:
    """A namespace of a cluster that knows the kinds of grafana-operator."""
    definitions = sorted(path_of("custom-resources").glob("grafana.integreatly.org_*.yaml"))
    assert definitions
    with namespace(kubeconfig) as created:
        for path in definitions:
            created.kubectl("apply", "--server-side", f"--filename={path}")
        created.kubectl("wait", "--for=condition=Established", *(f"--filename={path}" for path in definitions))
        yield created
        for path in definitions:
            created.kubectl("delete", "--wait=false", f"--filename={path}")


def test_the_operators_kinds(live_namespace: Namespace, tmp_path: Path) -> None:
    """All boards and folders are applied, also with the annotation of `kubectl apply`; again nothing changes."""
    payload = Payload(provisioning_files())
    list(operator.prepare(payload, {**OPTIONS, "out": tmp_path}).apply())
    created = live_namespace.kubectl("apply", f"--kustomize={tmp_path}").splitlines()
    folders = {folder for folder, _, _ in payload.boards()}
    assert len(created) == len(folders) + len(list(payload.boards()))
    assert all(line.endswith(" created") for line in created)
    again = live_namespace.kubectl("apply", f"--kustomize={tmp_path}").splitlines()
    assert all(line.endswith(" unchanged") for line in again)
