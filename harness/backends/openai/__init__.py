"""OpenAI's HTTP API as servers really speak it: addresses, what each accepts, what its records hold."""
