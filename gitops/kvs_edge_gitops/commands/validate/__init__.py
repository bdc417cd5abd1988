"""`kvs-edge validate`: faults of edge files, and findings on their footage."""
