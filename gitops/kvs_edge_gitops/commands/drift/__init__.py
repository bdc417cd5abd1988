"""`kvs-edge drift`: differences between edge files and the service."""
