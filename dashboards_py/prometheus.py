"""The HTTP API of Prometheus."""

from collections.abc import Callable, Mapping
from typing import Any

import requests

from dashboards_py.documents.json import load_json
from dashboards_py.documents.limits import ANSWERS
from dashboards_py.errors import DashboardsError, Refused

# From a path below /api/v1 and parameters to `data` of the answer.
Ask = Callable[[str, Mapping[str, str]], Any]


def over_http(url: str, token: str = "", *, seconds: float = 15) -> Ask:
    """A Prometheus at an address; `token` is sent as Bearer.

    One that gives no answer, or no answer of Prometheus, raises DashboardsError; refused credentials raise Refused.
    """
    headers = {"Authorization": f"Bearer {token}"} if token else {}

    def ask(path: str, params: Mapping[str, str]) -> Any:
        try:
            answer = requests.get(f"{url.rstrip('/')}/api/v1/{path}", params=params, headers=headers, timeout=seconds)
        except requests.RequestException as error:
            raise DashboardsError("Prometheus", cause=f"gives no answer: {type(error).__name__}", fix=FIX) from None
        if answer.status_code in (401, 403):
            raise Refused("Prometheus", cause=f"answers {answer.status_code}", fix="give a token in PROMETHEUS_TOKEN")
        try:
            body = load_json(answer.content, "Prometheus", ANSWERS).value
        except DashboardsError as error:
            raise DashboardsError("Prometheus", cause=f"answers {answer.status_code}, no JSON", fix=FIX) from error
        return data(body)

    return ask


def data(body: Any) -> Any:
    """What an answer of Prometheus holds; an error that it tells of raises DashboardsError."""
    if not isinstance(body, dict) or body.get("status") != "success":
        said = body.get("error", "an answer without status") if isinstance(body, dict) else "no answer of Prometheus"
        raise DashboardsError("Prometheus", cause=str(said), fix=FIX)
    return body.get("data")


FIX = "see that the address is that of Prometheus: /-/ready must answer"
