"""The check of hubs: what their Greengrass deployments lack."""
