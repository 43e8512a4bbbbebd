"""reported-by-pint: Cloudflare's pint reports a problem of the rule.

If pint is on PATH, it checks the rules as well, offline and without a configuration, and its errors and warnings are
reported with the name of its check, such as `promql/aggregate`. What to do is in its documentation:
https://cloudflare.github.io/pint/checks/.
"""

from collections.abc import Iterator

from dashboards_py.catalog import Release
from dashboards_py.findings import Severity
from dashboards_py.lint._judged import JudgedRule
from dashboards_py.lint._settings import Settings

SEVERITY = Severity.WARNING
OF_ALERTS = True


def check(judged: JudgedRule, _: Release, settings: Settings) -> Iterator[str]:
    """The problems that pint reports of a rule."""
    yield from settings.pint.get(judged.number, ())
