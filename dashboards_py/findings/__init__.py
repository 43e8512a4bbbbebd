"""What a check found, as one kind of value, and the formats that it is printed in."""

from dashboards_py.findings.finding import Finding, Location, Severity

__all__ = ["Finding", "Location", "Severity"]
