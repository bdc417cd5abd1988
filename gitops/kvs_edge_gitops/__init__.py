"""The command line `kvs-edge`: validates, plans and monitors edge configurations, outside of the CDK.

It runs in a terminal or a pipeline, and imports the modules of a command only when that command runs.
"""
