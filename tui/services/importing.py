"""What the columns of somebody's table are, guessed; and its cells as the contract has them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

from client.fold import fold
from client.models.customer import Address, Customer, Email, PhoneNumber
from client.models.flat import BETWEEN, COLUMNS, CUSTOM
from client.models.kinds import Refused
from client.tables import Table
from tui.forms.fields import FormField, fields_of
from tui.forms.formats import Formats
from tui.forms.values import read

TAKEN: Final = {name: column.title for name, column in COLUMNS.items() if column.taken}
"""Columns that can be imported, with their names for people."""

_NAMES: Final[Mapping[str, str]] = {
    "external_id": "id, customer id, customer number, customer no, no, number, nummer, kundennummer, "
    "kundennr, numero client, n client, numero de cliente, numero cliente, codice cliente, klantnummer, "
    "kundenummer",
    "display_name": "name, full name, fullname, customer, contact, client, kunde, nom complet, "
    "nombre completo, nome completo, volledige naam, navn, namn, fn",
    "given_name": "first name, firstname, first, given name, forename, vorname, prenom, nombre, nome, "
    "voornaam, fornavn, fornamn, imie",
    "middle_name": "middle name, middle, second name, zweiter vorname, deuxieme prenom, segundo nombre, "
    "tussenvoegsel, mellomnavn",
    "family_name": "last name, lastname, last, surname, family name, nachname, familienname, nom, nom de "
    "famille, apellido, apellidos, sobrenome, apelido, cognome, achternaam, etternavn, efternamn, nazwisko",
    "company_name": "company, company name, organisation, organization, org, business, firma, unternehmen, "
    "societe, entreprise, empresa, azienda, ditta, bedrijf, foretag",
    "phone": "phone, phone number, telephone, tel, mobile, mobile phone, cell, cell phone, telefon, "
    "telefonnummer, handy, mobil, mobiltelefon, telephone portable, portable, telefono, movil, telemovel, "
    "telefone, celular, cellulare, telefoon, mobiel, gsm",
    "other_phones": "other phones, phone 2, home phone, work phone, telefon 2, telefon privat",
    "email": "email, e mail, mail, email address, e mail address, e mail adresse, mailadresse, courriel, "
    "adresse mail, adresse e mail, adresse electronique, correo, correo electronico, posta elettronica, "
    "epost",
    "other_emails": "other emails, other e mails, email 2, e mail 2",
    "line1": "street, address, address 1, address line 1, street address, strasse, adresse, anschrift, rue, "
    "direccion, calle, endereco, morada, rua, indirizzo, via, straat, adres, gate, gata, line1",
    "line2": "address 2, address line 2, adresszusatz, zusatz, complement, complemento, line2",
    "postal_code": "postcode, post code, zip, zip code, postal code, plz, postleitzahl, code postal, cp, "
    "codigo postal, cep, cap, postnummer, postnr, kod pocztowy",
    "city": "city, town, place, ort, stadt, wohnort, ville, localite, ciudad, localidad, poblacion, cidade, "
    "localidade, citta, comune, stad, plaats, woonplaats, by, poststed, stad, miasto",
    "region": "region, state, province, county, bundesland, departement, provincia, estado, provincie",
    "country": "country, land, staat, pays, pais, paese, kraj",
    "born_on": "born on, birthday, birth date, birthdate, date of birth, dob, geburtsdatum, geburtstag, "
    "geboren, date de naissance, naissance, fecha de nacimiento, data de nascimento, nascimento, "
    "data di nascita, geboortedatum, fodselsdato, bday",
    "gender": "gender, sex, geschlecht, sexe, genre, sexo, genero, sesso, geslacht, kjonn, kon",
    "language": "language, sprache, langue, idioma, lingua, taal, sprak",
    "labels": "labels, tags, categories, groups, etiketten, schlagworte, kategorien, etiquettes, etiquetas",
    "branch": "branch, preferred branch, filiale, niederlassung, agence, sucursal, filial",
    "status": "status, statut, estado cliente, stato",
    "type": "type, kind, art, typ",
    "referral_method": "found us by, referral, source, herkunft, quelle, origine",
}
_HEADS: Final[Mapping[str, str]] = {
    head.strip(): column for column, heads in _NAMES.items() for head in heads.split(",")
}
_WORDS: Final = re.compile(r"[^\w]+|_")
_EMAIL: Final = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_PHONE: Final = re.compile(r"\+?[\d ()/.\-]{7,20}")
_DAY: Final = re.compile(r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}")
_LIKELY: Final = 0.7
"""Of the first cells with something in them, so many must look alike."""


def guesses(table: Table, fields: Mapping[str, str]) -> list[str]:
    """Give for each column of a table what it likely is; empty where nobody can tell.

    `fields` are the names of additional fields by their keys. Names of columns come first, in whatever
    language they usually are, then what the cells look like. Nothing is guessed twice.
    """
    own = {_plain(name): CUSTOM + key for key, name in fields.items()}
    exact = {*TAKEN, *own.values()}
    heads = list(table.heads)
    found = [head if head in exact and head not in heads[:place] else "" for place, head in enumerate(heads)]
    for place, head in enumerate(table.heads):
        plain = _plain(head)
        column = own.get(plain) or _HEADS.get(plain, "")
        if not found[place] and column not in found:
            found[place] = column
    for place, column in enumerate(found):
        if not column:
            looks = _looks_like([row[place] for row in table.first if len(row) > place and row[place]])
            found[place] = "" if looks in found else looks
    return found


def _plain(head: str) -> str:
    return " ".join(_WORDS.sub(" ", fold(head)).split())


def _looks_like(cells: Sequence[str]) -> str:
    for column, form in (("email", _EMAIL), ("born_on", _DAY), ("phone", _PHONE)):
        if cells and sum(form.fullmatch(cell) is not None for cell in cells) >= _LIKELY * len(cells):
            return column
    return ""


class Converter:
    """Reads cells as forms read what is typed: days, phones and words as people here write them.

    What it cannot read goes as it stands: the server says in which row and column what is wrong.
    """

    def __init__(self, columns: Sequence[str], formats: Formats, types: Mapping[str, str]) -> None:
        """Take the types of additional fields by their keys."""
        self.columns = columns
        self._formats = formats
        self._types = types
        self._read_one = lru_cache(maxsize=4_096)(self._one)

    def rows(self, table: Table) -> Iterator[list[str]]:
        """Give every row of a table."""
        for row in table.rows():
            yield [
                self._cell(column, cell) if column and cell else ""
                for column, cell in zip(self.columns, row, strict=False)
            ]

    def _cell(self, column: str, cell: str) -> str:
        if column in ("labels", "other_phones", "other_emails"):
            separators = BETWEEN.strip() if BETWEEN.strip() in cell else ",|"
            parts = [part.strip() for part in re.split(f"[{separators}\n]", cell)]
            return BETWEEN.join(self._read_one(column, part) for part in parts if part)
        return self._read_one(column, cell)

    def _one(self, column: str, text: str) -> str:
        if column.startswith(CUSTOM):
            return self._own(self._types.get(column.removeprefix(CUSTOM), "text"), text)
        field = _field(column)
        if field is None:
            return text
        try:
            value = read(field, text, self._formats)
        except Refused:
            return text
        return _written(value, text)

    def _own(self, kind: str, text: str) -> str:
        try:
            if kind == "date":
                return self._formats.read_day(text, past=False).isoformat()
            if kind == "yes_no":
                return _written(self._formats.read_yes_no(text), text)
            if kind == "number":
                return f"{self._formats.read_number(text)[0]:f}"
        except Refused:
            return text
        return text


_FIELDS: Final[Mapping[str, tuple[Any, str]]] = {
    "phone": (PhoneNumber, "number"),
    "other_phones": (PhoneNumber, "number"),
    "email": (Email, "address"),
    "other_emails": (Email, "address"),
    "country": (Address, "country"),
}


@lru_cache(maxsize=64)
def _field(column: str) -> FormField | None:
    """Give the field of a form that reads a column; None for plain text."""
    model, name = _FIELDS.get(column, (Customer, column))
    plain = column in ("labels", "branch", "partner", "location")
    return None if plain else fields_of(model).get(name)


def _written(value: Any, text: str) -> str:
    if value is None:
        return text
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
