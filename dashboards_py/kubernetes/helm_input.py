"""Values as the text that Helm reads."""

import json
import re
from collections.abc import Mapping
from typing import Any

from dashboards_py.errors import DashboardsError

NON_ASCII = re.compile("[\x7f-\uffff]")


def values_text(values: Mapping[str, Any]) -> str:
    r"""Values as JSON, which Helm reads as YAML: every text is quoted, `1e3` and `y` as well.

    In Helm's YAML, U+2028 would end a line, and `\ud83d\ude00` be no character: it is written as it is.
    """
    try:
        text = json.dumps(dict(values), ensure_ascii=False, allow_nan=False)
    except ValueError as error:
        cause = "contain .inf or .nan, which Helm does not read"
        raise DashboardsError("the values", cause=cause, fix="write a number or a quoted text") from error
    return NON_ASCII.sub(lambda char: f"\\u{ord(char[0]):04x}", text)
