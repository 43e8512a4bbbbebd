"""Values of a label by a selector that is too long for an address."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from dashboards_py.errors import DashboardsError
from dashboards_py.shapes import Ask

VALUES = re.compile(r"label/(.+)/values")


def with_long_selectors(ask: Ask) -> Ask:
    """The same Prometheus; where an address is too long for values of a label, they are taken from the series.

    Values can be had with GET alone, and series with a form as well (Register in web/api/v1/api.go of Prometheus).
    """

    def ask_values(path: str, params: Mapping[str, str]) -> Any:
        try:
            return ask(path, params)
        except DashboardsError as error:
            from dashboards_py.web.long_query import is_too_long

            values = VALUES.fullmatch(path)
            if not (values and "match[]" in params and is_too_long(error.status, len(urlencode(params)))):
                raise
            series = ask("series", params)
        return sorted({labels[values[1]] for labels in series if values[1] in labels})

    return ask_values
