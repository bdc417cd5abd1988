"""The imported file as YAML and as JSON."""
