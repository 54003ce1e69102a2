"""Documents as text and pictures: those of the sample business, and broken or hostile ones."""

from io import BytesIO
from zlib import compressobj

import pytest
from PIL import Image

from server.sample.dice import Dice
from server.sample.paperwork import pdf, png
from tui.services.reading_apart import picture_apart, text_apart
from tui.services.reading_files import Picture, Unreadable, text_of, unpacked


@pytest.mark.feature("F8.2")
def test_the_text_of_a_pdf_is_read() -> None:
    text = text_of("application/pdf", pdf(["Service agreement (first)", "Keys are kept \\ safe", "Zoë"]))
    assert "Service agreement (first)" in text
    assert "Keys are kept \\ safe" in text
    assert "Zoë" in text
    assert "Page 1 of 1" in text


@pytest.mark.parametrize("content", [b"%PDF-1.7\n", b"%PDF-1.4\n" + b"\0" * 500, pdf([])[:300], pdf([])])
def test_a_pdf_that_cannot_be_read_says_so(content: bytes) -> None:
    with pytest.raises(Unreadable) as caught:
        text_of("application/pdf", content)
    assert "Download it" in caught.value.sentence


def test_text_is_read_in_the_usual_codings_and_commands_nothing() -> None:
    assert text_of("text/plain", "Zoë €5".encode("cp1252")) == "Zoë €5"
    assert text_of("text/plain", "Zoë €5".encode()) == "Zoë €5"
    assert "\x1b" not in text_of("text/plain", b"a\x1b]52;c;Zm9v\x07b")


@pytest.mark.feature("F8.2")
def test_a_picture_fits_into_the_room_there_is() -> None:
    picture = Picture(*unpacked(png(Dice(1))))
    for columns, rows in ((78, 20), (10, 3), (1, 1)):
        pixels = picture.pixels(columns, rows)
        assert len(pixels) <= 2 * rows
        assert {len(line) for line in pixels} == {min(columns, 2 * rows)}
        assert all(0 <= part <= 255 for line in pixels for pixel in line for part in pixel)


def test_a_picture_that_would_fill_the_memory_is_not_opened() -> None:
    large = BytesIO()
    Image.new("1", (10_000, 10_000)).save(large, "png")
    with pytest.raises(Unreadable, match="too large"):
        unpacked(large.getvalue())


@pytest.mark.parametrize("content", [b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0broken", b"GIF89a", b"RIFF"])
def test_a_picture_that_cannot_be_read_says_so(content: bytes) -> None:
    with pytest.raises(Unreadable, match="cannot be read"):
        unpacked(content)


def test_no_file_is_handed_to_another_program_whatever_it_says_that_it_is() -> None:
    postscript = BytesIO()
    Image.new("RGB", (4, 4)).save(postscript, "eps")
    with pytest.raises(Unreadable, match="cannot be read"):
        unpacked(postscript.getvalue())


def _flooding(megabytes: int) -> bytes:
    """Give a PDF of one page whose content unpacks to so much."""
    packer = compressobj(9)
    zeros = b" " * (1 << 20)
    packed = b"".join([*(packer.compress(zeros) for _ in range(megabytes)), packer.flush()])
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R >>",
        b"<< /Length %d /Filter /FlateDecode >>\nstream\n%b\nendstream" % (len(packed), packed),
    )
    body = b"".join(b"%d 0 obj\n%b\nendobj\n" % numbered for numbered in enumerate(objects, 1))
    return b"%PDF-1.4\n" + body + b"trailer\n<< /Root 1 0 R /Size 5 >>\nstartxref\n0\n%%EOF\n"


@pytest.mark.feature("F8.2")
async def test_documents_are_read_in_a_process_of_their_own() -> None:
    assert "Keys are kept" in await text_apart("application/pdf", pdf(["Keys are kept safe"]))
    picture = await picture_apart("image/png", png(Dice(1)))
    assert picture.pixels(10, 3)
    with pytest.raises(Unreadable, match="Download it"):
        await text_apart("application/pdf", b"%PDF-1.7\n")
    with pytest.raises(Unreadable, match="cannot be read"):
        await picture_apart("image/png", b"\x89PNG\r\n\x1a\n")


async def test_a_document_that_fills_the_memory_or_never_ends_is_given_up() -> None:
    with pytest.raises(Unreadable, match="Download it"):
        await text_apart("application/pdf", _flooding(600), 10)
    with pytest.raises(Unreadable, match="takes too long"):
        await text_apart("application/pdf", pdf(["Quiet"]), 0.01)
