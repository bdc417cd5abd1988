"""`kvs-edge init`: a first edge file."""
