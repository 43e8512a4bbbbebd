"""Grafana dashboards as code for Cilium: boards in Python, compiled to canonical JSON, checked and deployed."""
