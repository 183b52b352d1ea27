"""The whole site, built once for a module: each request is undone, so the next one finds it as it was."""
