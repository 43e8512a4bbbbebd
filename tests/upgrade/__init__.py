"""Tests of what an upgrade changes."""
