"""Adding a customer from the list: from the search text to the form to the new profile."""

from textual import work

from tui.screens.found_customers import FoundCustomers


class AddsCustomers(FoundCustomers):
    """Begins a new customer with what was searched for; a draft from before is offered first."""

    @work(exclusive=True, group="new")
    async def do_new_customer(self) -> None:
        """Add a customer, beginning with what was searched for or with a draft from before."""
        from client.models import CustomerRow
        from tui.screens.new_customer import DRAFT_KEY, NewCustomerScreen
        from tui.screens.pick import Option, PickScreen
        from tui.services.new_customer import guessed
        from tui.services.open_customer import row_of
        from tui.services.unsent import WAITS

        desk = self.keeptabs.desk
        draft = desk.drafts.load(DRAFT_KEY)
        known = guessed(self.box.value, desk.formats)
        if draft is not None and known:
            name = " ".join(known.values())
            options = [
                Option("draft", f"Go on with {draft.title or 'the one without a name'}", "not saved yet")
            ]
            options.append(Option("known", f"Begin with {name}", "the draft is dropped"))
            taken = await self.app.push_screen_wait(PickScreen("New customer", options))
            if taken is None:
                return
            draft = draft if taken == ["draft"] else None
        form = NewCustomerScreen(desk, known, draft)
        made = await self.app.push_screen_wait(form)
        if made is None and form.state.is_dirty:
            self.remark("Not added. What you typed is kept: Ctrl+N goes on with it.", "warn")
            return
        desk.draft_saver.discard(DRAFT_KEY)
        if isinstance(made, CustomerRow):
            self.keeptabs.open_customer(made.id, made)
        elif made is not None and made.waits:
            self.say(WAITS, "warn")
        elif made is not None:
            self.keeptabs.open_customer(made.record.id, row_of(made.record))
