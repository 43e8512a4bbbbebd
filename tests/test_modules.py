"""Modules are small enough to be read in one go."""

from pathlib import Path
from statistics import median

PACKAGE = Path(__file__).parents[1] / "dashboards_py"
LONGEST, MEDIAN = 300, 90  # lines


def lengths() -> dict[str, int]:
    """Lines of each module of the package; a dashboard is one file, however long."""
    paths = (path for path in PACKAGE.rglob("*.py") if path.parent != PACKAGE / "dashboards")
    return {str(path.relative_to(PACKAGE)): len(path.read_text(encoding="utf-8").splitlines()) for path in paths}


def test_no_module_is_long() -> None:
    """None has more than 300 lines, and half have at most 90."""
    assert {name: count for name, count in lengths().items() if count > LONGEST} == {}
    assert median(count for name, count in lengths().items() if not name.endswith("__init__.py")) <= MEDIAN
