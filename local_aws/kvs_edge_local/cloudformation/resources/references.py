"""Reader of dynamic references from the local AWS's Parameter Store and Secrets Manager."""

from kvs_edge_local.cloudformation.dynamic_references import Parameter, SecretValue
from kvs_edge_local.cloudformation.resources.api import Api, ApiError
from kvs_edge_local.cloudformation.resources.handler import ResourceFailedError


class ApiReader:
    """Reader through the APIs, with the permissions of the local AWS's owner."""

    def __init__(self, api: Api) -> None:
        self._api = api

    def parameter(self, parameter: Parameter, *, secure: bool) -> str:
        """Return a parameter's value; a SecureString only if `secure`."""
        try:
            answer = self._api.call("ssm", "GetParameter", Name=parameter.selector, WithDecryption=secure)
        except ApiError as error:
            if not error.is_not_found:
                raise
            raise ResourceFailedError(
                f"Unable to fetch parameters [{parameter.selector}] from parameter store for this account."
            ) from error
        found = answer["Parameter"]
        if (found["Type"] == "SecureString") is not secure:
            raise ResourceFailedError(
                f"Parameters [{parameter.name}] referenced by template have types not supported by CloudFormation."
            )
        return str(found["Value"])

    def secret(self, value: SecretValue) -> str:
        """Return a secret's text."""
        answer = self._api.call(
            "secretsmanager",
            "GetSecretValue",
            SecretId=value.secret_id,
            VersionStage=value.version_stage,
            VersionId=value.version_id,
        )
        if "SecretString" not in answer:
            raise ResourceFailedError(
                f"The secret {value.secret_id} has no SecretString: binary secrets are not resolved"
            )
        return str(answer["SecretString"])
