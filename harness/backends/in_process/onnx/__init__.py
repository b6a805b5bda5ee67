"""ONNX Runtime in the process of the worker."""
