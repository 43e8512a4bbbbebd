"""What panels show: tests of panel_data."""
