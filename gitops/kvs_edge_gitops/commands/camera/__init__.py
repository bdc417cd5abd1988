"""The command `kvs-edge camera`: what cameras send, and whether the hub can record it."""
