"""Telling people what others change, while they look at it."""
