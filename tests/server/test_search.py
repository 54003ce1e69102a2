"""What a clerk types, and whom it finds, on both databases."""

import contextlib

import pytest

from client.models.customer_search import CustomerSearch, DuplicateQuery
from client.models.written import new_model
from server.store.database import Database
from server.store.migrations import upgrade
from server.store.search import BadCursor
from tests.server.searching import Office


@pytest.fixture
def office(database: Database) -> Office:
    return Office(database)


@pytest.fixture
def business(office: Office) -> Office:
    """Give an office with customers of several scripts and countries."""
    office.label("l-donor", "donor")
    office.label("l-vip", "VIP gold")
    office.add("Joanna Smith", phone="+442079460958", email="joanna.smith@example.org", city="London")
    office.add("Łukasz Müller-Groß", phone="+4915112345678", email="muel99@example.net", city="Köln")
    office.add("山田太郎", phone="+81312345678", city="東京")
    office.add("Jo Smi", phone="+12125550123", labels=["l-donor", "l-vip"])
    office.add("Siobhán O’Brien", phone="+353861234567", email="sob@example.ie", status="inactive")
    office.add("محمّد حسن", phone="+201001234567", city="القاهرة")
    office.add("김민수", city="서울")
    office.add("Archie Smith", phone="+12125550124", archived=True)
    return office


@pytest.mark.feature("F1.2")
def test_words_in_any_order_any_case_any_script_find_a_customer(business: Office) -> None:
    expected = {
        "smi": ["Jo Smi", "Joanna Smith"],
        "smith jo": ["Joanna Smith"],
        "JOANNA SMITH": ["Joanna Smith"],
        "lukasz gross": ["Łukasz Müller-Groß"],
        "ŁUKASZ GROẞ": ["Łukasz Müller-Groß"],
        "mullergro": ["Łukasz Müller-Groß"],
        "obrien": ["Siobhán O’Brien"],
        "o'brien": ["Siobhán O’Brien"],
        "brien": ["Siobhán O’Brien"],
        "太郎": ["山田太郎"],
        "山田　太郎": ["山田太郎"],
        "محمد": ["محمّد حسن"],
        "기": ["김민수"],
        "민수": ["김민수"],
        "koln": ["Łukasz Müller-Groß"],
        "東": ["山田太郎"],
        "london jo": ["Joanna Smith"],
        "donor": ["Jo Smi"],
        "gold jo": ["Jo Smi"],
    }
    assert {typed: business.ids(typed) for typed in expected} == expected


@pytest.mark.feature("F1.2")
def test_any_part_of_a_phone_number_in_any_form_finds_it(business: Office) -> None:
    typed = [
        *("020 7946", "(0)20-7946", "(020) 7946 0958", "+44 20 7946 0958", "+44 (0)20 7946 0958"),
        *("0044 20 7946", "+44 020 7946 0958", "2079460958", "0958", "946095", "442079460958"),
        *("0958 smith", "smith 7946", "٠٩٥٨", "7946-0958"),
    ]
    assert [fragment for fragment in typed if business.ids(fragment) != ["Joanna Smith"]] == []


@pytest.mark.feature("F1.2")
def test_a_customer_number_and_last_digits_find_the_one_who_has_both(office: Office) -> None:
    for place in range(101):
        office.add(f"Customer {place}", phone=f"+44207946{place:04}")
    assert office.ids("101 0100") == ["Customer 100"]
    assert office.ids("101 0042") == []


@pytest.mark.feature("F1.2")
def test_the_one_with_the_number_typed_comes_before_all_whose_telephone_ends_so(office: Office) -> None:
    for place in range(40):
        office.add(f"Customer {chr(97 + place)}", phone="+442079460007")
    numbered = office.ids("7", limit=1)
    assert numbered == ["Customer g"]
    for limit in (1, 3, 50):
        found = office.all_ids("007", limit=limit)
        assert len(found) == len(set(found)) == 40
        found = office.all_ids("07", limit=limit)
        assert len(found) == len(set(found)) == 40
    for number in ("17", "26"):
        office.change(f"Customer {chr(96 + int(number))}", phone=f"+4420794610{number}")
        office.add(f"Newer {chr(96 + int(number))}", phone=f"+4420794620{number}")
        whole = office.ids(number, limit=50)
        assert whole[:2] == [f"Customer {chr(96 + int(number))}", f"Newer {chr(96 + int(number))}"]
        assert office.all_ids(number, limit=1) == whole


@pytest.mark.feature("F1.2")
def test_parts_of_an_email_address_and_the_number_find_it(business: Office) -> None:
    typed = [
        *("joanna.smith@example.org", "joanna.smith@ex", "joanna.sm", "anna.smith@e", "nna.smit"),
        *("JOANNA.SMITH@", "h@example.org", "1", "smith@example"),
    ]
    assert [part for part in typed if business.ids(part)[:1] != ["Joanna Smith"]] == []
    business.change("Joanna Smith", email="joannasmith@example.org")
    assert business.ids("oannas") == ["Joanna Smith"]


@pytest.mark.feature("F1.3")
def test_one_letter_wrong_still_finds_the_customer(business: Office) -> None:
    for typed in ("smtih", "smth", "smiith", "simth", "joamna smith", "smith jpanna"):
        assert business.ids(typed) == ["Joanna Smith"]
    assert business.ids("jpanna smtih") == []


@pytest.mark.feature("F1.3")
def test_a_typo_never_comes_before_an_exact_match(business: Office) -> None:
    business.add("Joanna Smits")
    assert business.ids("smits") == ["Joanna Smits"]
    assert business.ids("smith") == ["Joanna Smith"]


def test_whole_words_come_before_beginnings_and_names_before_other_places(office: Office) -> None:
    office.add("Anna Lee")
    office.add("Annabel Young")
    office.add("Zoe Stone", city="Anna")
    office.add("Bo Rust", email="pannacotta@example.org")
    assert office.ids("anna") == ["Anna Lee", "Annabel Young", "Zoe Stone", "Bo Rust"]
    office.change("Annabel Young")
    office.add("Annabel Old")
    assert office.ids("anna")[:3] == ["Anna Lee", "Annabel Old", "Annabel Young"]
    assert office.find("anna").total == 5


def test_the_last_digits_come_before_the_first_and_those_before_the_middle(office: Office) -> None:
    office.add("End", phone="+442071114321")
    office.add("Start", phone="+14321999888")
    office.add("Middle", phone="+491643210000")
    office.add("Number", phone="+33600000000")
    assert office.ids("4321") == ["End", "Start", "Middle"]
    assert office.ids("4") == ["Number"]


def test_an_edited_or_removed_customer_leaves_nothing_behind(office: Office) -> None:
    office.add("Quentin Zarathustra", phone="+442079460958", email="quentin@example.org", city="Oslo")
    office.change(
        "Quentin Zarathustra", display_name="Paula", phone="+12125550123", email="", city="", status="new"
    )
    for typed in ("quentin", "zarathus", "0958", "quentin@example.org", "oslo", "quetin", "uenti"):
        assert office.ids(typed) == []
    assert office.find(status=["active"]).total == 0
    office.remove("Quentin Zarathustra")
    assert (office.ids("paula"), office.ids(), office.find().total) == ([], [], 0)
    with office.database.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT COUNT(*) FROM search_typos").scalar() == 0
        assert connection.exec_driver_sql("SELECT COUNT(*) FROM search_documents").scalar() == 0


@pytest.mark.feature("F1.1")
def test_filters_narrow_and_counts_are_exact(business: Office) -> None:
    assert business.find().total == 7
    assert business.find(archived="any").total == 8
    assert business.ids(archived="yes") == ["Archie Smith"]
    assert business.ids("smith", archived="any") == ["Archie Smith", "Joanna Smith"]
    assert business.find(status=["inactive", "blocked"]).total == 1
    assert business.ids(label=["vip GOLD", "donor"]) == ["Jo Smi"]
    assert (business.ids(label=["no such label"]), business.ids("s", label=["donor"])) == ([], ["Jo Smi"])
    assert business.ids("s", status=["inactive"]) == ["Siobhán O’Brien"]
    business.change("Jo Smi", labels=[], archived=True)
    assert business.find(label=["donor"]).total == 0
    assert business.find(archived="yes").total == 2


def test_a_row_has_what_a_list_shows_and_nothing_that_goes_without_saying(business: Office) -> None:
    assert business.find("jo smi").items[0] == {
        "id": "Jo Smi",
        "number": 4,
        "display_name": "Jo Smi",
        "status": "active",
        "phone": "+12125550123",
        "labels": ["donor", "VIP gold"],
    }
    assert business.find("archie", archived="yes").items[0]["archived"] is True
    assert business.find("jo smi", fields=["phone"]).items[0] == {"id": "Jo Smi", "phone": "+12125550123"}


@pytest.mark.feature("F1.1")
def test_a_list_goes_by_any_column_page_by_page(business: Office) -> None:
    first = {
        "name": "Jo Smi",
        "-name": "山田太郎",
        "number": "Joanna Smith",
        "-number": "김민수",
        "phone": "Jo Smi",
        "-phone": "山田太郎",
        "email": "Joanna Smith",
        "-email": "Siobhán O’Brien",
        "city": "Łukasz Müller-Groß",
        "-city": "山田太郎",
        "status": "Joanna Smith",
        "-status": "Siobhán O’Brien",
    }
    matches = business.ids("s")
    for sort, name in first.items():
        whole = business.ids(sort=sort)
        assert (whole[0], len(whole)) == (name, 7)
        assert business.all_ids(sort=sort, limit=2) == whole
        assert business.all_ids(sort=sort, limit=3, status=["active", "inactive"]) == whole
        assert business.all_ids("s", sort=sort, limit=1) == [found for found in whole if found in matches]


def test_a_cursor_stays_where_it_is_while_customers_are_added(office: Office) -> None:
    names = [f"Anna {letter}" for letter in "bcdefghijk"]
    for name in names:
        office.add(name)
    newest_first = names[::-1]
    for q, sort in (("", "recent"), ("anna", "recent"), ("", "name"), ("anna", "name"), ("ann", "recent")):
        expected = names if sort == "name" else newest_first
        page = office.find(q, sort=sort, limit=3)
        extra = office.add(f"Anna a{q}{sort}")
        found = [item["id"] for item in page.items]
        while page.next_cursor:
            page = office.find(q, sort=sort, limit=3, cursor=page.next_cursor)
            found += [item["id"] for item in page.items]
        assert found == expected
        office.remove(extra)


def test_pages_of_every_stage_follow_each_other(office: Office) -> None:
    for place in range(9):
        office.add(f"Anna {place}")
        office.add(f"Annabel {place}")
        office.add(f"Zoe {place}", city="Anna")
        office.add(f"Bo {place}", email=f"pannacotta{place}@example.org")
        office.add(f"Amna {place}")
    whole = office.ids("anna", limit=200)
    assert [name.split()[0] for name in whole] == 9 * ["Anna"] + 9 * ["Annabel"] + 9 * ["Zoe"] + 9 * ["Bo"]
    assert office.find("anna", limit=2).total == 36
    for limit in (1, 4, 10):
        assert office.all_ids("anna", limit=limit) == whole
    typos = office.ids("amnna", limit=200)
    assert typos
    assert office.all_ids("amnna", limit=2) == typos
    assert office.find("amnna", limit=2).total == len(typos)


def test_a_cursor_of_another_list_is_refused_or_harmless(sqlite_database: Database) -> None:
    office = Office(sqlite_database)
    office.add("Anna")
    for cursor in ("x", "é", "W10", "WzFd", "WyJhIiwxXQ", "WzksMV0", "bnVsbA", "A" * 500):
        for given in ({}, {"q": "a"}, {"sort": "name"}, {"q": "a", "sort": "number"}):
            with contextlib.suppress(BadCursor):
                assert len(office.find(**given, cursor=cursor).items) <= 1
    with pytest.raises(BadCursor, match="not one that the server gave"):
        office.find(cursor="x")


_HOSTILE = [
    *(
        '"',
        "'",
        "AND OR NOT",
        "NEAR(a b)",
        "a* OR b",
        "names:x",
        "^anna",
        "-anna",
        "%",
        "_",
        "\\",
        "a\0b",
        "\0",
    ),
    *(
        "*" * 200,
        "a" * 200,
        "1" * 200,
        "🎉",
        "🎉anna",
        "…",
        "@",
        "@@@",
        "a@",
        "@b.",
        "()",
        "{x}",
        "$1",
        "?",
        "%s",
    ),
    *(
        "山" * 200,
        "ا" * 200,
        "\u0301" * 200,
        "e\u0301" * 100,
        "\ud800",
        "\u202eanna",
        "--",
        ";drop table",
        "+",
    ),
    *(
        "00",
        "(0)",
        "+0",
        "a' b\" c`",
        "anna\n\tlee",
        "ﷺ" * 50,
        "0" * 16,
        "1 2 3 4 5 6 7 8 9",
        "a b c d e f g h i",
    ),
]


def test_nothing_that_is_typed_breaks_the_search(business: Office) -> None:
    for typed in _HOSTILE:
        for given in ({}, {"archived": "any"}, {"sort": "name"}, {"label": ["donor"], "status": ["active"]}):
            page = business.find(typed[:200], **given)
            assert len(page.items) <= 8
    assert business.ids("joanna smith") == ["Joanna Smith"]


def test_hostile_text_in_a_customer_is_indexed_and_forgotten(office: Office) -> None:
    text = "\"'*()^:{}[]%_\\ AND NEAR -x"
    office.add(
        "Odd", display_name=text, company_name=text, external_id="a,b\"c'", email="o'b,r\"x@example.org"
    )
    assert office.ids("near") == ["Odd"]
    assert office.ids("o'b,r\"x@example.org") == ["Odd"]
    office.change("Odd", display_name="Plain", company_name="", external_id="", email="")
    assert (office.ids("near"), office.ids("o'b,r")) == ([], [])


def test_a_renamed_label_finds_its_customers_at_once(business: Office) -> None:
    with business.database.engine.begin() as connection:
        connection.exec_driver_sql(
            "UPDATE labels SET name = 'patron', name_key = 'patron' WHERE id = 'l-donor'"
        )
    assert (business.ids("patron"), business.ids("donor")) == (["Jo Smi"], [])
    assert business.find("jo smi").items[0]["labels"] == ["patron", "VIP gold"]


@pytest.mark.feature("F1.7")
def test_likely_duplicates_come_likeliest_first(office: Office) -> None:
    office.add("Jo Byrne", phone="+442079460958", email="jo@example.org", postal_code="N1 9GU", archived=True)
    office.add("Other", phone="+442079460958")
    office.add("Third", email="JO@example.org")
    office.add("Namesake", display_name="JO BYRNE", postal_code="n19gu")
    office.add("Far away", display_name="Jo Byrne", postal_code="EC1")
    query = DuplicateQuery(
        display_name="jo byrne", phones=["+442079460958"], emails=["Jo@Example.org"], postal_code="N1 9gu"
    )

    def found(asked: DuplicateQuery) -> list[str]:
        with office.database.engine.connect() as connection:
            return [item["id"] for item in office.index.duplicates(connection, asked)]

    assert found(query) == ["Jo Byrne", "Third", "Other", "Namesake"]
    assert found(DuplicateQuery(display_name="Jo Byrne")) == []
    assert found(DuplicateQuery(phones=["+1"], emails=["\0"], display_name="\0", postal_code="\0")) == []


def test_an_index_built_anew_finds_the_same(business: Office) -> None:
    asked = ["smi", "0958", "smtih", "jo", "donor", ""]
    before = [(business.ids(typed), business.find(typed).total) for typed in asked]
    with business.database.engine.begin() as connection:
        business.index.rebuild(connection)
    assert [(business.ids(typed), business.find(typed).total) for typed in asked] == before


def test_an_index_of_another_form_is_made_anew_when_a_server_starts(business: Office) -> None:
    with business.database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE search_form SET form = 0")
        connection.exec_driver_sql("DROP TABLE search_typos")
    upgrade(business.database)
    assert business.ids("smtih") == ["Joanna Smith"]
    with business.database.engine.begin() as connection:
        assert business.index.is_current(connection)
        business.index.drop(connection)
        assert not business.index.is_current(connection)
    upgrade(business.database)
    assert business.find("jo").total == 2


def test_the_longest_names_still_have_a_cursor_that_is_taken(sqlite_database: Database) -> None:
    office = Office(sqlite_database)
    names = [letter + "𠮷" * 199 for letter in "abc"]
    for name in names:
        office.add(name[:60], display_name=name)
    cursor = office.find(sort="name", limit=1).next_cursor
    assert cursor is not None
    search = new_model(CustomerSearch)(sort="name", limit=1, cursor=cursor)
    assert office.ids(**search.model_dump()) == [names[1][:60]]
