"""The command line `kvs-edge`: what is known of edge configurations before they are deployed.

It runs in a terminal or a pipeline, knows nothing of the CDK, and imports what a command needs when that command runs.
"""
