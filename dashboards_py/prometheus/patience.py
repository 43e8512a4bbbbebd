"""What a server can take: few requests at a time, and pauses where it refuses one for now."""

import time
from collections.abc import Callable, Mapping
from typing import Any

from dashboards_py.errors import DashboardsError
from dashboards_py.shapes import Ask

BUSY = (429, 502, 503, 504)  # statuses of a server, or of a proxy before it, that cannot answer now
CONCURRENCY = 4  # requests at a time
PAUSES = (0.5, 2.0)  # seconds before the second and third attempt of a request that was refused for now


def with_pauses(ask: Ask, sleep: Callable[[float], None] = time.sleep) -> Ask:
    """The same server; a request that it refuses for now is sent again after a pause, and after a longer one."""

    def ask_again(path: str, params: Mapping[str, str]) -> Any:
        for pause in PAUSES:
            try:
                return ask(path, params)
            except DashboardsError as error:
                if error.status not in BUSY:
                    raise
            sleep(pause)
        return ask(path, params)

    return ask_again
