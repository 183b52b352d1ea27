"""The processes that `make run` starts, watches and ends."""
