"""`kvs-edge import`: an edge file for what already runs on a hub."""
