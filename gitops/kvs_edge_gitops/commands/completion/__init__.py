"""`kvs-edge completion`: completion of commands, options and values in bash, zsh and fish."""
