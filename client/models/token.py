"""What the token endpoint gives and takes (RFC 6749, RFC 7009)."""

from client.models.base import Model


class Tokens(Model):
    """An access token with the refresh token that replaces it."""

    access_token: str
    """Opaque; goes into `Authorization: Bearer`."""
    token_type: str = "Bearer"  # noqa: S105 - the name of a scheme, no secret
    """Always `Bearer`."""
    expires_in: int
    """Seconds until the access token ends."""
    refresh_token: str
    """Opaque; good for one use."""
    scope: str = ""
    """The role of the person who signed in."""


class TokenRefusal(Model):
    """Why no token is given (RFC 6749, section 5.2)."""

    error: str
    """`invalid_grant`, `invalid_request`, `unsupported_grant_type`, …"""
    error_description: str = ""
    """A sentence for a person."""
