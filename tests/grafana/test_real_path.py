"""The code for a real Grafana, run on the stand-in, so that it is tested even if no real one is available."""

import os
import subprocess
import sys
from pathlib import Path

from tests.fakes.grafana import fake_grafana

ROOT = Path(__file__).parents[2]
SOME = "real and (test_credentials or test_organizations_are_separate or test_two_folders_may_have_one_title)"


def test_a_grafana_that_a_variable_names_is_used() -> None:
    """With GRAFANA_TEST_URL the tests of a real one run there, each in an organization that is removed afterwards."""
    with fake_grafana() as fake:
        password = fake.passwords["admin"].replace("%", "%25").replace("/", "%2F").replace("@", "%40")
        address = fake.url.replace("//", f"//admin:{password}@")
        env = {**os.environ, "GRAFANA_TEST_URL": address, "REQUIRED_COMPONENTS": "grafana"}
        command = [sys.executable, "-m", "pytest", "-n", "0", "tests/grafana", "-k", SOME]
        result = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False, timeout=120)
        assert result.returncode == 0, result.stdout
        assert "3 passed" in result.stdout
        assert "skipped" not in result.stdout
        assert fake.organizations == {1: "Main Org."}
        assert any(line.startswith("POST /orgs") for line in fake.log)
