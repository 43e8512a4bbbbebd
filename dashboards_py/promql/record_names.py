"""Names of recorded series."""

import re
from collections.abc import Sequence
from hashlib import sha256

from dashboards_py.promql.positions import parts
from dashboards_py.promql.recordable import selectors_in

WINDOW, WINDOW_SECONDS = "2m", 120  # of recorded rates: two samples at least, up to a scrape a minute


def record_name(labels: Sequence[str], expr: str) -> str:
    """`labels:metric:operations`, as Prometheus' documentation advises, with a digest of the rest."""
    root = parts(expr)
    metric = next(selectors_in(root)).metric
    operation = str(root.node.op) if root.kind == "AggregateExpr" else "value"
    level = "_".join(labels)
    simple = f"{operation} by ({', '.join(labels)}) ({{}})"
    if expr == simple.format(metric):
        return f"{level}:{metric}:{operation}"
    base = re.escape(re.sub(r"_(count|sum)$", "", metric))
    native = rf"( or histogram_(count|sum)\(rate\({base}\[{WINDOW}\]\)\))?"
    if re.fullmatch(re.escape(simple).replace(r"\{\}", rf"rate\({metric}\[{WINDOW}\]\){native}"), expr):
        return f"{level}:{metric}:{operation}_rate{WINDOW}"
    return f"{level}:{metric}:{operation}_{sha256(expr.encode()).hexdigest()[:6]}"
