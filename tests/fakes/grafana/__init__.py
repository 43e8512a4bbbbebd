"""A Grafana stand-in with an HTTP address: its API, provisioning from files, what a save in its page does, and faults.

It holds the facts that tests/grafana/test_contract.py states, which run on a real Grafana as well where there is one.
"""

from tests.fakes.grafana.accounts import Account
from tests.fakes.grafana.faults import Fault
from tests.fakes.grafana.server import fake_grafana
from tests.fakes.grafana.state import FakeGrafana

__all__ = ["Account", "FakeGrafana", "Fault", "fake_grafana"]
