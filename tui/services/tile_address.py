"""What the configuration may name as a tile server."""

from urllib.parse import urlsplit

from client.address import is_this_machine


def wrong_with_address(template: str) -> str:
    """Say why an address of tiles may not be used; an empty text where it may."""
    try:
        parts = urlsplit(template)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return "This is not the address of a tile server."
    if any(part not in template for part in ("{z}", "{x}", "{y}")):
        return "An address of tiles has {z}, {x} and {y} in it."
    if not host or "{" in parts.netloc or not template.isprintable() or parts.username is not None:
        return "This is not the address of a tile server."
    if parts.scheme != "https" and not (parts.scheme == "http" and is_this_machine(host)):
        return "Tiles come by https:// alone, for what is asked tells where customers live."
    return ""
