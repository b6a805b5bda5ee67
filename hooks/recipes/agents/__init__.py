"""What reports about agents share: one agent, two at once, two languages or runtimes, the timeline of a run."""
