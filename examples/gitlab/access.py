"""Roles of the pipeline: one with read access, the other for deployments.

Deploy it once, by hand, before the first pipeline runs:

    npx cdk deploy --app "python access.py"

An account has one identity provider per issuer. If it exists already, add `--context provider=there`.
"""

from aws_cdk import App, Environment, Stack
from aws_cdk import aws_iam as iam

# Replace these four.
ACCOUNT = "123456789012"
REGION = "eu-west-1"
# The project's path in its URL.
REPOSITORY = "project_path:my-group/edge-site"
BRANCH = "main"

ISSUER = "gitlab.com"
AUDIENCE = "https://gitlab.com"
READ_FROM = [f"{REPOSITORY}:ref_type:branch:ref:*"]
DEPLOY_FROM = [f"{REPOSITORY}:ref_type:branch:ref:{BRANCH}"]

# Read access for `kvs-edge plan`, `status` and `drift`.
READ = iam.PolicyStatement(
    actions=[
        "kinesisvideo:DescribeEdgeConfiguration",
        "kinesisvideo:DescribeStream",
        "kinesisvideo:ListEdgeAgentConfigurations",
        "cloudformation:DescribeStacks",
        "cloudformation:GetTemplate",
        "cloudformation:ListExports",
        "cloudformation:ListStackResources",
        "cloudformation:ListStacks",
    ],
    resources=["*"],
)
# `cdk deploy` uses the roles of `cdk bootstrap` for everything.
DEPLOY = iam.PolicyStatement(actions=["sts:AssumeRole"], resources=[f"arn:aws:iam::{ACCOUNT}:role/cdk-hnb659fds-*"])


def provider(stack: Stack) -> iam.IOidcProvider:
    """Return the identity provider for the pipeline's tokens; create it unless it exists."""
    if stack.node.try_get_context("provider") == "there":
        arn = f"arn:aws:iam::{ACCOUNT}:oidc-provider/{ISSUER}"
        return iam.OidcProviderNative.from_oidc_provider_arn(stack, "Provider", arn)
    return iam.OidcProviderNative(stack, "Provider", url=f"https://{ISSUER}", client_ids=[AUDIENCE])


def trusting(issuer: iam.IOidcProvider, subjects: list[str]) -> iam.IPrincipal:
    """Return the principal of jobs whose tokens have one of these subjects."""
    conditions = {"StringEquals": {f"{ISSUER}:aud": AUDIENCE}, "StringLike": {f"{ISSUER}:sub": subjects}}
    return iam.WebIdentityPrincipal(issuer.oidc_provider_arn, conditions)


def role(stack: Stack, name: str, principal: iam.IPrincipal, *statements: iam.PolicyStatement) -> None:
    """Create a role that jobs assume; its fixed name makes its ARN known in advance."""
    policies = {"pipeline": iam.PolicyDocument(statements=list(statements))}
    iam.Role(stack, name, role_name=name, assumed_by=principal, inline_policies=policies)


app = App()
access = Stack(app, "KvsEdgePipelineAccess", env=Environment(account=ACCOUNT, region=REGION))
issuer = provider(access)
role(access, "kvs-edge-reader", trusting(issuer, READ_FROM), READ)
role(access, "kvs-edge-deployer", trusting(issuer, DEPLOY_FROM), READ, DEPLOY)
app.synth()
