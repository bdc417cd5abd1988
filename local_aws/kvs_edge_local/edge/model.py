"""botocore's model of kinesisvideo: operations, shapes and errors, so that they are defined once."""

from functools import cache

from botocore.loaders import Loader
from botocore.model import OperationModel, ServiceModel


@cache
def service_model() -> ServiceModel:
    """Return the model."""
    return ServiceModel(Loader().load_service_model("kinesisvideo", "service-2"), "kinesisvideo")


def operation_model(operation: str) -> OperationModel:
    """Return the model of an operation."""
    return service_model().operation_model(operation)


def error_status(code: str) -> int | None:
    """Return the HTTP status of an error; None if the service does not have its code."""
    for shape in service_model().error_shapes:
        if shape.name == code:
            return int(shape.metadata["error"]["httpStatusCode"])
    return None
