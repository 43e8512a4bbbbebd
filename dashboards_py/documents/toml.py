"""Parse TOML within limits."""

import tomllib
from typing import Any

from dashboards_py.documents.limits import Limits
from dashboards_py.documents.text import decode
from dashboards_py.errors import DashboardsError


def load_toml(source: bytes, name: str, limits: Limits) -> dict[str, Any]:
    """Parse a TOML document; `name` is used in errors.

    Raises DashboardsError, with line and column, for invalid TOML, and for a document over a limit.
    """
    limits.check_size(len(source), name)
    try:
        return tomllib.loads(decode(source, name))
    except tomllib.TOMLDecodeError as error:
        raise DashboardsError(name, cause=f"is not TOML: {error}", fix="see https://toml.io") from error
    except RecursionError as error:  # tomllib parses nested arrays by recursion
        raise DashboardsError(name, cause=f"is nested more than {limits.depth} levels deep") from error
