"""Documents as text or as a picture for the terminal. The libraries are imported when one is looked at.

What takes a document apart that somebody made is run by `tui.services.reading_apart`, in another process.
"""

from io import BytesIO
from typing import Final

from client.text import clean

TEXTS: Final = frozenset({"text/plain", "text/markdown", "text/csv"})
PICTURES: Final = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
READABLE: Final = TEXTS | PICTURES | {"application/pdf"}
"""Media types that the terminal can show."""

_MOST_PAGES: Final = 200
_MOST_TEXT: Final = 2_000_000
_MOST_PIXELS: Final = 60_000_000
"""A picture that unpacks to more is not opened: it may be made to fill the memory."""

_MOST_SIDE: Final = 1_000
_FORMATS: Final = ("PNG", "JPEG", "GIF", "WEBP")
"""No others are tried, whatever a file says that it is: some hand it on to other programs."""
_ELSEWHERE: Final = "Download it to open it elsewhere."

Pixel = tuple[int, int, int]


class Unreadable(Exception):
    """A document that cannot be shown, with a `sentence` for a person."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def text_of(media_type: str, content: bytes) -> str:
    """Give the text of a document. Raises Unreadable."""
    if media_type == "application/pdf":
        return _pdf_text(content)
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return clean(content.decode(encoding)[:_MOST_TEXT])
        except UnicodeDecodeError:
            continue
    return clean(content.decode("latin-1")[:_MOST_TEXT])


def _pdf_text(content: bytes) -> str:
    from pypdf import PdfReader

    try:
        reader = PdfReader(BytesIO(content))
        locked = reader.is_encrypted and not reader.decrypt("")
        pages = [] if locked else [page.extract_text() for page in reader.pages[:_MOST_PAGES]]
    except Exception as broken:  # whatever a damaged or hostile file makes of a reader
        raise Unreadable(f"The text of this PDF cannot be read. {_ELSEWHERE}") from broken
    if locked:
        raise Unreadable(f"This PDF is locked with a password. {_ELSEWHERE}")
    if not any(page.strip() for page in pages):
        raise Unreadable(f"This PDF holds pictures and no text. {_ELSEWHERE}")
    headed = [f"— Page {number} of {len(pages)} —\n\n{page}" for number, page in enumerate(pages, 1)]
    return clean("\n\n".join(headed))[:_MOST_TEXT]


def unpacked(content: bytes) -> tuple[int, int, bytes]:
    """Give a picture as width, height and its bytes in RGB, made smaller where it is large.

    Raises Unreadable.
    """
    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = None  # looked at here, before anything is unpacked
    turned = None
    try:
        with Image.open(BytesIO(content), formats=_FORMATS) as opened:
            if opened.width * opened.height <= _MOST_PIXELS:
                # Smaller first: what comes after it is done to copies.
                opened.thumbnail((_MOST_SIDE, _MOST_SIDE))
                turned = ImageOps.exif_transpose(opened).convert("RGBA")
    except Exception as broken:  # whatever a damaged or hostile file makes of a reader
        raise Unreadable("This picture cannot be read.") from broken
    if turned is None:
        raise Unreadable("This picture is too large to be shown here.")
    ground = Image.new("RGBA", turned.size, (0, 0, 0, 255))
    flat = Image.alpha_composite(ground, turned).convert("RGB")
    return flat.width, flat.height, flat.tobytes()


class Picture:
    """A picture that can be shown at any size: width, height, and three bytes for each pixel."""

    def __init__(self, width: int, height: int, rgb: bytes) -> None:
        from PIL import Image

        self._flat = Image.frombytes("RGB", (width, height), rgb)

    def pixels(self, columns: int, rows: int) -> list[list[Pixel]]:
        """Give it as rows of pixels that fit into so many cells: two in a cell, one above the other."""
        from PIL import Image

        scale = min(columns / self._flat.width, 2 * rows / self._flat.height)
        size = max(1, round(self._flat.width * scale)), max(1, round(self._flat.height * scale))
        bare = self._flat.resize(size, Image.Resampling.LANCZOS).tobytes()
        width = 3 * size[0]
        lines = [bare[start : start + width] for start in range(0, len(bare), width)]
        return [[(line[x], line[x + 1], line[x + 2]) for x in range(0, width, 3)] for line in lines]
