"""Read untrusted JSON and YAML within limits on size, depth and number of values."""
