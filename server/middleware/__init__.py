"""What happens around every request, whatever it asks for."""

from fastapi import FastAPI

from server.config import ServerSettings
from server.middleware.compression import Compression
from server.middleware.failures import Failures
from server.middleware.hosts import Hosts
from server.middleware.limits import BodyLimit, RateLimit
from server.middleware.methods import Methods
from server.middleware.requests import Requests


def add_middleware(app: FastAPI, settings: ServerSettings) -> None:
    """Put the layers around an application: the last one added is the outermost."""
    app.add_middleware(Compression, above=settings.compress_above)
    app.add_middleware(BodyLimit, limit=settings.body_limit)
    if settings.requests_per_minute:
        app.add_middleware(RateLimit, per_minute=settings.requests_per_minute, burst=settings.request_burst)
    app.add_middleware(Methods)
    app.add_middleware(Hosts)
    app.add_middleware(Failures)
    app.add_middleware(Requests)


__all__ = ["add_middleware"]
