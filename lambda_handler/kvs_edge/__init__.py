"""The handler of Custom::KinesisVideoEdgeConfiguration: pure rules in the middle, adapters around them.

The folder is what AWS Lambda runs and what synthesis imports for the schema: it depends on the standard
library, crhelper and, from Lambda's own runtime, boto3.
"""
