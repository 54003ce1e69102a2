"""What the server said of itself, kept for the next start."""

from pathlib import Path

from client.models import Service
from tui.services.known_service import KnownService


def test_the_document_is_there_at_the_next_start_without_what_the_person_may_do(tmp_path: Path) -> None:
    known = KnownService(tmp_path, "https://desk.example.org", "anna")
    known.save(Service(business="Riverside", country="GB", features=["notes"], permissions=["notes:write"]))
    again = KnownService(tmp_path, "https://desk.example.org", "anna").load()
    assert (again.business, again.country, again.features) == ("Riverside", "GB", ["notes"])
    assert again.permissions == []
    assert known.granted() == {"notes:write"}


def test_what_is_kept_is_asked_for_again_only_where_it_changed(tmp_path: Path) -> None:
    known = KnownService(tmp_path, "https://desk.example.org", "anna")
    assert known.last() == (Service(), "")
    service = Service(business="Riverside", permissions=["notes:write"])
    known.save(service, '"abc-e"')
    assert known.last() == (service, '"abc-e"')
    for file in tmp_path.rglob("service.json"):
        file.write_text(file.read_text().replace("features", "fewer"))  # as an older client kept it
    assert known.last() == (service, "")


def test_a_damaged_file_is_no_error(tmp_path: Path) -> None:
    known = KnownService(tmp_path, "https://desk.example.org", "anna")
    known.save(Service(business="Riverside"))
    for file in tmp_path.rglob("service.json"):
        for content in (b"{", b"[]", b'{"business": 5}', b"\xff"):
            file.write_bytes(content)
            assert known.load() == Service()
            assert not known.granted()
