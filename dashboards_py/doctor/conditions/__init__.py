"""Conditions of a cluster: why Prometheus does not get what boards ask for. One file each, whose docstring is its page.

A condition is found by looking at the objects of a cluster, not by a query. It explains causes that a Prometheus
shows without their reason: `missing-target` because a ServiceMonitor lacks a label.
"""
