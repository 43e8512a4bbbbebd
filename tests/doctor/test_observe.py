"""What is seen of the targets of a Prometheus."""

from collections.abc import Mapping
from typing import Any

import pytest

from dashboards_py.doctor import Client
from dashboards_py.doctor.observe.targets import look_at_targets


@pytest.mark.fault("doctor prints the token of an address that is scraped")
@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("http://10.0.0.1:9962/metrics", "http://10.0.0.1:9962/metrics"),
        ("http://10.0.0.1:9962/metrics?token=hunter2", "http://10.0.0.1:9962/metrics"),
        ("https://ann:hunter2@10.0.0.1:9962/metrics?a=1&token=hunter2", "https://10.0.0.1:9962/metrics"),
        ("http://[fd00::1]:9962/metrics?token=hunter2", "http://[fd00::1]:9962/metrics"),
    ],
)
def test_addresses_have_no_secrets(url: str, shown: str) -> None:
    """Neither the address nor the error of a scrape has a user, a password or parameters; the reason is kept."""

    def ask(path: str, _: Mapping[str, str]) -> Any:
        target = {
            "labels": {"job": "cilium-agent", "k8s_app": "cilium", "instance": "10.0.0.1:9962"},
            "health": "down",
            "scrapeUrl": url,
            "lastError": f'Get "{url}": dial tcp: connect: connection refused (why?)',
        }
        return {"activeTargets": [target]} if path == "targets" else {"resultType": "vector", "result": []}

    ((target,), _) = look_at_targets(Client(ask), 0.0)
    assert (target.url, target.error) == (shown, f'Get "{shown}": dial tcp: connect: connection refused (why?)')
