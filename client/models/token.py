"""What the token endpoint gives and takes (RFC 6749, RFC 7009)."""

from typing import Annotated

from pydantic import ConfigDict, Field

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
    """`invalid_grant`, `invalid_request`, `unsupported_grant_type`; of a device `authorization_pending`, …"""
    error_description: str = ""
    """A sentence for a person."""


class DeviceAuthorization(Model):
    """A sign-in that waits for its person on another device (RFC 8628, section 3.2)."""

    device_code: str
    """Opaque; what asks for the tokens shows it, and nobody else sees it."""
    user_code: str
    """What the person types on the other device, such as `WDJB-MJHT`."""
    verification_uri: str
    """The page to open there."""
    verification_uri_complete: str = ""
    """The same page with the code filled in, for a QR code."""
    expires_in: int
    """Seconds until both codes end."""
    interval: int = 5
    """Seconds to wait before each question whether the person has approved."""


class AuthorizationServer(Model):
    """How to sign in to this server (RFC 8414)."""

    issuer: str
    """The server's URL."""
    token_endpoint: str
    """Where tokens are given."""
    revocation_endpoint: str
    """Where they are revoked (RFC 7009)."""
    device_authorization_endpoint: str = ""
    """Where a sign-in on another device begins (RFC 8628); empty where there is none."""
    grant_types_supported: list[str]
    """What a client can show to get tokens."""
    response_types_supported: list[str] = []
    """Always empty: there is no authorization endpoint."""
    token_endpoint_auth_methods_supported: list[str] = ["none"]
    """Clients are public; people prove who they are."""
    revocation_endpoint_auth_methods_supported: list[str] = ["none"]
    """The token itself is the proof."""
    scopes_supported: list[str] = []
    """Every permission word; which of them are granted follows from the person's role."""


class PasswordChange(Model):
    """One's own new password."""

    # FastAPI reads it itself, and quietly only where it is built at once.
    model_config = ConfigDict(extra="forbid", defer_build=False)

    current: Annotated[str, Field(json_schema_extra={"minLength": 1, "maxLength": 1000})]
    """The password until now."""
    new: Annotated[str, Field(json_schema_extra={"minLength": 10, "maxLength": 1000})]
    """The password from now on: at least 10 characters, and not the sign-in name."""


class PasswordProof(Model):
    """One's own password, shown again by who is signed in already."""

    model_config = ConfigDict(extra="forbid", defer_build=False)

    password: Annotated[str, Field(json_schema_extra={"minLength": 1, "maxLength": 1000})]
    """The password as it is now."""
