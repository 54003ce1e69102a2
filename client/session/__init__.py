"""Who is signed in where: sessions that survive a crash, several servers and users by name."""

from client.session.names import account_folder, session_name
from client.session.store import Session, SessionStore

__all__ = ["Session", "SessionStore", "account_folder", "session_name"]
