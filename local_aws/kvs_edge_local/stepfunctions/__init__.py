"""State machines that run in moto's interpreter, on a scaled clock and with their own roles."""

from kvs_edge_local.stepfunctions.service import StepFunctions, install

__all__ = ["StepFunctions", "install"]
