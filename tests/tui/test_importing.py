"""Importing from the list: columns guessed, faults told by row, nothing there before all of it is."""

from pathlib import Path

import pytest

from client.tables import read_table
from tests.live import LiveServer
from tests.tui.desks import at_desk
from tests.tui.test_exporting import command
from tui.screens.importing import MappingScreen
from tui.services.importing import guesses
from tui.text import width_of

pytestmark = pytest.mark.feature("F10.2")

_GERMAN = (
    "Kundennr.;Vorname;Nachname;Telefon;E-Mail;PLZ;Geburtsdatum;Bemerkung\r\n"
    "I-1;Jörg;Groß;020 7946 0611;joerg@import.example;BS1 4DJ;12.3.85;lang\r\n"
    "I-2;Änne;Grün;nicht bekannt;aenne@import.example;BS1 4DJ;1.4.1990;\r\n"
    ";;;;;;;\r\n"
    "I-3;Uli;Weiß;+44 20 7946 0613;uli@import.example;BS1 4DJ;;kurz\r\n"
)


async def test_a_table_is_mapped_checked_and_imported_without_its_faulty_rows(
    live_server: LiveServer, tmp_path: Path
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "kunden.csv").write_bytes(_GERMAN.encode("cp1252"))
    async with at_desk(live_server, tmp_path / "a", "admin") as person:
        person.app.desk.uploads_from = folder
        await person.sees("Enter open")
        await command(person, "import customers from")
        await person.sees("kunden.csv")
        await person.type("kunden")
        await person.press("enter")
        await person.sees("Kundennr.")
        screen = person.screen
        for head, column in (
            *(("Kundennr.", "External id"), ("Vorname", "First name"), ("Nachname", "Last name")),
            *(("Telefon", "Phone"), ("E-Mail", "E-mail"), ("PLZ", "Postcode")),
            *(("Geburtsdatum", "Date of birth"), ("Bemerkung", "left out")),
        ):
            (line,) = [line for line in screen.splitlines() if head in line]
            assert f"→ {column}" in line
        assert "Jörg" in screen
        await person.press("end")
        await person.press("enter")
        await person.sees("Leave it out")
        await person.type("found us")
        await person.press("enter")
        await person.sees("→ Found us by")
        assert isinstance(person.app.screen, MappingScreen)
        await person.press("f2")
        await person.sees("Show what is wrong")
        await person.type("wrong")
        await person.press("enter")
        await person.sees("Row 3  Phone")
        await person.press("escape")
        await person.sees("Show what is wrong")
        await person.press("enter")
        await person.sees("2 added, 0 changed, 1 left out")
    with live_server.client() as client:
        found = client.post("/v1/customers/search", json={"q": "joerg@import.example"}).json()["items"]
        whole = client.get(f"/v1/customers/{found[0]['id']}").json()
    assert (whole["display_name"], whole["born_on"]) == ("Jörg Groß", "1985-03-12")
    assert whole["phones"][0]["number"] == "+442079460611"
    assert whole["referral_method"] == "lang"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_table_is_read_as_a_spreadsheet_saved_it(tmp_path: Path, encoding: str, separator: str) -> None:
    rows = [["Prénom", "Téléphone", "Ville"], ["Zoë", "'+33123456789", "a\nb"], ["", "", ""]]
    text = "\r\n".join(separator.join(f'"{cell}"' for cell in row) for row in rows)
    path = tmp_path / "a.csv"
    path.write_bytes(text.encode(encoding))
    table = read_table(path)
    assert list(table.heads) == rows[0]
    assert list(table.rows()) == [["Zoë", "+33123456789", "a\nb"], ["", "", ""]]
    assert guesses(table, {}) == ["given_name", "phone", "city"]


def test_columns_are_known_in_many_languages_and_by_what_is_in_them(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    for heads, columns in (
        ("Name,E-mail address,Zip,DOB", ["display_name", "email", "postal_code", "born_on"]),
        (
            "Apellidos,Correo electrónico,Código postal,Ciudad",
            ["family_name", "email", "postal_code", "city"],
        ),
        ("Cognome,Cellulare,Indirizzo,Paese", ["family_name", "phone", "line1", "country"]),
        ("given_name,number,external_id,Shoe size", ["given_name", "", "external_id", "custom_fields.size"]),
        ("Name,Name,x,y", ["display_name", "", "email", "born_on"]),
    ):
        path.write_text(f"{heads}\nAnn,b,c@d.example,12.3.1985\n")
        assert guesses(read_table(path), {"size": "Shoe size"}) == columns, heads


async def test_the_file_to_import_may_be_named_by_its_path(live_server: LiveServer, tmp_path: Path) -> None:
    (tmp_path / "in" / "deeper").mkdir(parents=True)
    (tmp_path / "empty").mkdir()
    (tmp_path / "in" / "deeper" / "people.csv").write_bytes(b"Vorname\r\nAda\r\n")
    async with at_desk(live_server, tmp_path / "a", "admin") as person:
        person.app.desk.uploads_from = tmp_path / "empty"
        await person.sees("Enter open")
        await command(person, "import customers from")
        await person.sees("the folder above")
        await person.type(f"{tmp_path}/nowhere/at")
        await person.sees("No such file")
        await person.press("ctrl+u")
        await person.type(f"{tmp_path}/in/deep")
        await person.sees("deeper/")
        await person.type("er/peo")
        await person.sees("people.csv")
        await person.press("enter")
        await person.sees("→ First name")


async def test_a_column_shows_as_much_of_its_cells_as_there_is_room_for_and_says_where_more_is(
    live_server: LiveServer, tmp_path: Path
) -> None:
    (tmp_path / "in").mkdir()
    rows = "電話番号と名前;E-Mail\r\n030 2312 9001;a.very.long.address.indeed@import.example\r\n"
    (tmp_path / "in" / "wide.csv").write_text(rows, encoding="utf-8", newline="")
    async with at_desk(live_server, tmp_path / "a", "admin") as person:
        person.app.desk.uploads_from = tmp_path / "in"
        await person.sees("Enter open")
        await command(person, "import customers from")
        await person.sees("wide.csv")
        await person.type("wide")
        await person.press("enter")
        await person.sees("a.very.long")
        (line,) = [line for line in person.screen.splitlines() if "a.very.long" in line]
        assert line.rstrip("│ ").endswith("…")
        arrows = [width_of(line[: line.index("→")]) for line in person.screen.splitlines() if "→" in line]
        assert len(set(arrows)) == 1
