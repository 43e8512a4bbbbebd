"""exceeds-apply-limit: `kubectl apply` refuses the dashboard's ConfigMap, as its JSON is too long as written.

Client-side apply stores the whole object again in an annotation, and an object has at most 262,144 bytes of annotations
(TotalAnnotationSizeLimitB, k8s.io/apimachinery/pkg/api/validation/objectmeta.go): "metadata.annotations: Too long".
Apply it with `--server-side`, write it without white space, or split the dashboard.
"""

from collections.abc import Iterator

from dashboards_py.board import Board
from dashboards_py.catalog import Release
from dashboards_py.findings import Severity

SEVERITY = Severity.WARNING
BOARDS_ONLY = True

LIMIT = 256 * 1024  # bytes
OF_CONFIG_MAP = 400  # bytes of the object around the JSON in the annotation, at least


def check(board: Board, _: Release) -> Iterator[tuple[None, str]]:
    """Dashboards whose text, as a string in JSON, exceeds the limit."""
    if board.quoted_size + OF_CONFIG_MAP > LIMIT:
        size = f"{board.quoted_size:,} bytes in a ConfigMap"
        yield None, f"{size}: kubectl apply stores it in an annotation, of at most {LIMIT:,}; use --server-side"
