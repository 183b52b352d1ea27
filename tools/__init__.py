"""Sets Common Ground up on a bare machine and keeps its processes running: what `make` calls.

Only Python's own library may be imported here, and nothing of the application: these modules run before the
virtual environment exists. (`installing.build_frontend` and `test_servers` are the exceptions: they run inside it.)
"""
