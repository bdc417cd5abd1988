"""The command `kvs-edge secret`: the secrets of cameras, judged without being shown."""
