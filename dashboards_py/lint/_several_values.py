"""Variables that may have several values, and the operators that compare a label with them."""

from dashboards_py.board import Variable

OPERATORS = {"=": "=~", "!=": "!~"}  # by the operator for one value


def has_several_values(variable: Variable) -> bool:
    """True if Grafana may write a regular expression in the place of the variable."""
    return variable.type in ("query", "custom") and (variable.multi or variable.include_all)
