"""A query whose comparisons remove no rows: it tells if an empty result is one of its levels alone."""

from itertools import pairwise

from dashboards_py.promql.lexer import COMPARISONS, tokens
from dashboards_py.promql.memory import remember
from dashboards_py.promql.parsing import read


@remember
def unfiltered(expr: str) -> str:
    """The query with `bool` behind each comparison; joins match as before. Raises QueryError."""
    braces = {token.start for span in read(expr).selector_spans for token in span.braces}
    written = tokens(expr)
    result = expr
    for token, after in reversed(list(pairwise(written))):
        is_comparison = token.text in COMPARISONS and token.kind == "op" and token.start not in braces
        if is_comparison and after.text.lower() != "bool":
            result = f"{result[: token.end]} bool {result[token.end :].lstrip()}"
    return result
