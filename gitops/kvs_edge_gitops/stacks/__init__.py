"""CloudFormation stacks: their templates, and the edge configurations in them. Pure, without network."""
