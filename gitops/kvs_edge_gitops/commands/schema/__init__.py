"""`kvs-edge schema`: the JSON Schema of edge files."""
