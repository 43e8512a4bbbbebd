"""Scenarios and facts of Grafana: each is one test, for the stand-in and for a real one where there is one."""
