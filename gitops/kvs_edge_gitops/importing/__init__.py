"""What `kvs-edge import` is made of: which hubs, what runs on them, what of it is taken, and the file."""
