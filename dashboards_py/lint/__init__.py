"""Faults of boards that need no cluster to be seen: each rule is a file here, its docstring the rule's manual page."""

from dashboards_py.lint._renamed import current_id
from dashboards_py.lint._run import Excused, Finding, explained, lint, names, unread
from dashboards_py.lint._settings import Settings, doubtful

__all__ = ["Excused", "Finding", "Settings", "current_id", "doubtful", "explained", "lint", "names", "unread"]
