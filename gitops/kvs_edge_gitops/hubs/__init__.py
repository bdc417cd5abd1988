"""Hubs beside their edge configurations: their needs, and what their Greengrass deployments lack."""
