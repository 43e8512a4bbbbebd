"""A Grafana stand-in with an HTTP address: its API, provisioning from files, what a save in its page does, and faults.

Its behaviour is tested by tests/grafana/test_grafana_contract.py, which also runs on a real Grafana if there is one.
"""

from tests.fakes.grafana.accounts import Account
from tests.fakes.grafana.faults import Fault
from tests.fakes.grafana.server import fake_grafana
from tests.fakes.grafana.state import FakeGrafana

__all__ = ["Account", "FakeGrafana", "Fault", "fake_grafana"]
