"""Causes of panels that are empty or that mislead: one file each, whose docstring is its page in docs/doctor."""
