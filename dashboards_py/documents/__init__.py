"""Reading anyone's JSON and YAML within limits: what is too large, too deep or not text is an error that says so."""
