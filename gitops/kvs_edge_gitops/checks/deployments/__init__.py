"""The check of deployments: why the last one failed."""
