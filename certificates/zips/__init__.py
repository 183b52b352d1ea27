"""Zips of many certificates: asked for, made by a worker, taken out for a day, deleted."""
