"""Why is this panel empty: what a Prometheus has, what boards ask of it, and the cause of each empty answer.

`observe` looks at the Prometheus, `ask` asks the queries of boards, `diagnose` names the causes; all look-ups are made
by the first two, so that causes are pure functions. Each cause is a file in `causes`.
"""

from dashboards_py.doctor.causes._cause import cause_ids, manual_page
from dashboards_py.doctor.client import Client
from dashboards_py.doctor.diagnose import Report
from dashboards_py.doctor.examine import examine
from dashboards_py.doctor.execute import BoardToExamine

__all__ = ["BoardToExamine", "Client", "Report", "cause_ids", "examine", "manual_page"]
