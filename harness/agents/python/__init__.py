"""The agent in Python. Its start-up is measured, so it imports no more of the project than it needs."""
