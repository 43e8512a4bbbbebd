"""Scenarios and facts of Grafana: one test each, for the stand-in and for a real Grafana if there is one."""
