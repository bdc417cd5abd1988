"""The command `kvs-edge hub`: what a hub needs, and what its Greengrass deployment lacks."""
