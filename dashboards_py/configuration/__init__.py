"""The settings of a house: which boards, in which folders, with which labels, thresholds and links out.

They come from one file, and options of the command line win over it. Without a file all are defaults.
"""

from dashboards_py.configuration.links import Link
from dashboards_py.configuration.values import DEFAULTS, Alerts, Chosen, Configuration, Labels

__all__ = ["DEFAULTS", "Alerts", "Chosen", "Configuration", "Labels", "Link"]
