"""`kvs-edge bundle`: the zip of the Lambda functions."""
