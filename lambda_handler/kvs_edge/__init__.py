"""Handler of Custom::KinesisVideoEdgeConfiguration: pure rules, and adapters around them.

AWS Lambda runs the whole package. It depends on the standard library, crhelper and the runtime's botocore.
"""
