"""Rendering a chart without a cluster, to see whether it takes values."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dashboards_py.kubernetes.process import Runner

HINT = re.compile(r" Use \S+ flag to render out invalid YAML$")  # that would print all objects


def chart_refusal(chart: Path, values: Mapping[str, Any], runner: "Runner | None" = None) -> str:
    """Why Helm does not render a chart (a directory or an archive) with values; "" if it does.

    The CRDs of prometheus-operator are assumed, as the boards need ServiceMonitors. Without helm on PATH a
    DashboardsError is raised.
    """
    from dashboards_py.kubernetes.helm_errors import error_from_stderr
    from dashboards_py.kubernetes.helm_input import values_text
    from dashboards_py.kubernetes.process import run

    argv = ["helm", "template", "cilium", str(chart), "--namespace=kube-system", "--values=-"]
    completed = (runner or run)([*argv, "--api-versions=monitoring.coreos.com/v1"], stdin=values_text(values))
    if not completed.code:
        return ""
    return HINT.sub("", error_from_stderr(completed.stderr, completed.code).cause)
