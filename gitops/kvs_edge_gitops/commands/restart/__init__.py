"""The command `kvs-edge restart`: the same configuration, sent again."""
