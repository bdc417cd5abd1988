"""State machines that really run, on moto's interpreter, a scaled clock and their own roles."""

from kvs_edge_local.stepfunctions.service import StepFunctions, install

__all__ = ["StepFunctions", "install"]
