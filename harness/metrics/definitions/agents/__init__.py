"""Metrics of agents: their tasks, their processes, and what working at the same time gains and costs."""
