"""PyTorch in the process of the worker."""
