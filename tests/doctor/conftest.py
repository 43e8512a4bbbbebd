"""What tests of doctor have in common."""

from collections.abc import Mapping
from typing import Any

import pytest

from dashboards_py.doctor import Client
from dashboards_py.errors import DashboardsError
from dashboards_py.prometheus.answers import checked


@pytest.fixture(autouse=True)
def _answers_have_the_shape_of_their_path(monkeypatch: pytest.MonkeyPatch) -> None:
    """A stand-in answers as a Prometheus does, whose answers are checked where they arrive (`data`)."""
    send = Client._send

    def send_checked(client: Client, path: str, params: Mapping[str, str]) -> Any:
        answer = send(client, path, params)
        try:
            return checked(path, answer)
        except (DashboardsError, AttributeError) as error:
            raise AssertionError(f"the stand-in's answer to {path} has another shape: {answer}") from error

    monkeypatch.setattr(Client, "_send", send_checked)
