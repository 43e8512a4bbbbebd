"""`python -m tests.fakes.grafana` runs the stand-in until a signal stops it; prints its address and a token."""

import argparse
import signal
from pathlib import Path

from tests.fakes.grafana import fake_grafana
from tests.fakes.grafana.accounts import TOKENS

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM)


def main() -> None:
    """Run the stand-in with the options."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="loopback port; a free one by default")
    parser.add_argument("--version", default="12.2.0", help="the Grafana version to imitate")
    parser.add_argument("--provisioning", type=Path, help="directory as GF_PATHS_PROVISIONING")
    parser.add_argument("--anonymous", action="store_true", help="allow anonymous access")
    args = parser.parse_args()
    signal.pthread_sigmask(signal.SIG_BLOCK, STOP_SIGNALS)  # for all threads: sigwait gets them
    state = {"version": args.version, "provisioning": args.provisioning, "anonymous": args.anonymous}
    with fake_grafana(port=args.port, **state) as grafana:
        token = next(token for token, role in TOKENS.items() if role == "editor")
        print(f"export GRAFANA_URL={grafana.url} GRAFANA_TOKEN={token}", flush=True)
        signal.sigwait(STOP_SIGNALS)


if __name__ == "__main__":
    main()
