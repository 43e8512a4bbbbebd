"""Tests of the demonstration: its engine, its scenes."""
