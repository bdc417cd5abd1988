"""`kvs-edge plan`: what a deployment would change, and the footage that it would cost."""
