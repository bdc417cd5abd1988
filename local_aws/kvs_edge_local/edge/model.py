"""botocore's model of kinesisvideo: operations, shapes and errors, which are not written a second time."""

from functools import cache

from botocore.loaders import Loader
from botocore.model import OperationModel, ServiceModel


@cache
def service_model() -> ServiceModel:
    """Load the model."""
    return ServiceModel(Loader().load_service_model("kinesisvideo", "service-2"), "kinesisvideo")


def operation_model(operation: str) -> OperationModel:
    """Look one operation up."""
    return service_model().operation_model(operation)


def error_status(code: str) -> int | None:
    """Look up the HTTP status of an error; None if the service has no error of that code."""
    for shape in service_model().error_shapes:
        if shape.name == code:
            return int(shape.metadata["error"]["httpStatusCode"])
    return None
