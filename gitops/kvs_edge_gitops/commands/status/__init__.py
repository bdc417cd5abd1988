"""`kvs-edge status`: the health of each stream, once or continuously."""
