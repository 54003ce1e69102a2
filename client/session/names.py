"""Names of sessions and of what is kept for each: short for a person, safe as file names."""

import hashlib
import re
from urllib.parse import urlsplit


def session_name(server: str, login: str) -> str:
    """Give the name that a session has until a person gives another, such as `anna@desk.example.org`."""
    return f"{login}@{urlsplit(server).netloc}"


def file_name(name: str) -> str:
    """Give a file name for any text: readable, and different for different texts."""
    readable = re.sub(r"[^a-z0-9@._-]+", "-", name.lower())[:60].strip("-.@")
    return f"{readable or 'x'}-{hashlib.sha256(name.encode(errors='surrogatepass')).hexdigest()[:16]}"


def account_folder(server: str, login: str) -> str:
    """Name the folder of what is kept for one user of one server: drafts, recently opened customers."""
    return file_name(f"{login}@{server.removeprefix('https://')}")
