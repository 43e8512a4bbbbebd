"""A release installed by another major version of Helm is recognised as of the same chart."""

from typing import Any

import pytest

from dashboards_py.cluster.provenance import foreign_objects

HELM_3: list[dict[str, Any]] = [
    {"kind": "ConfigMap", "metadata": {"name": "c"}, "data": {"debug-verbose": "", "mtu": "1500"}},
    {"kind": "DaemonSet", "metadata": {"name": "d"}, "spec": {"command": ["build-config", "--urls="], "x": None}},
]
HELM_4: list[dict[str, Any]] = [
    {"kind": "ConfigMap", "metadata": {"name": "c"}, "data": {"mtu": "1500"}},
    {"kind": "DaemonSet", "metadata": {"name": "d"}, "spec": {"command": ["build-config"]}},
]


@pytest.mark.fault("a release that another major version of Helm installed is taken for one of another chart")
@pytest.mark.parametrize(("manifest", "rendered"), [(HELM_3, HELM_4), (HELM_4, HELM_3)], ids=["3 to 4", "4 to 3"])
def test_blank_values_are_equal(manifest: list[Any], rendered: list[Any]) -> None:
    """Helm 3 renders an empty value for a null default, Helm 4 none; other values are still differences."""
    assert foreign_objects(manifest, rendered, lambda _: rendered, "v1.36.0") == ()
    other = [{**rendered[0], "data": {"mtu": "9000"}}, rendered[1]]
    assert foreign_objects(manifest, other, lambda _: other, "v1.36.0") == ("ConfigMap c",)
