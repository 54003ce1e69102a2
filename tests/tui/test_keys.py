"""A person's own keys in the application."""

from pathlib import Path

from client.session.store import Session, SessionStore
from tests.live import LiveServer
from tests.tui.desks import Person
from tests.tui.test_profile import make_customer
from tui.app import KeeptabsApp
from tui.services.config import load_config
from tui.services.desk import Desk


async def test_a_key_of_ones_own_works_and_is_what_the_footer_and_the_help_show(
    live_server: LiveServer, tmp_path: Path
) -> None:
    config = tmp_path / "config.toml"
    config.write_text('[keys]\nwrite_note = "N"\nset_status = "disabled"\nwrite_nota = "x"\n', "utf-8")
    session = Session(
        name="staff@test",
        server=live_server.url,
        login="staff",
        access_token=live_server.tokens["staff"],
        refresh_token="never used",
        expires_at=4e9,
        renew_at=4e9,
    )
    desk = Desk(SessionStore(tmp_path), session, root=tmp_path, environment={})
    app = KeeptabsApp(desk, config=load_config([config]))
    customer = make_customer(live_server)
    async with app.run_test(size=(80, 24)) as pilot:
        person = Person(app, pilot)
        await person.sees("Did you mean write_note?")
        app.open_customer(customer["id"])
        await person.sees("N note")
        await person.press("s", "n")
        assert not app.screen.is_modal
        await person.press("N")
        await person.sees("Seen by")
