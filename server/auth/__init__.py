"""Sign-in: who may come in, for how long, and what they may do."""

from server.auth.actor import PERMISSIONS, ROLE_ORDER, Actor
from server.auth.scheme import SIGN_IN_OPTIONAL, current_actor, optional_actor

__all__ = ["PERMISSIONS", "ROLE_ORDER", "SIGN_IN_OPTIONAL", "Actor", "current_actor", "optional_actor"]
