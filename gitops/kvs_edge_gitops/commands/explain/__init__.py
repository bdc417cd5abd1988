"""`kvs-edge explain`: pages of the documentation by code."""
