"""Saving what a customer wants to hear: all changes in one request, with a consent where one is due."""

from collections.abc import Mapping
from functools import partial
from typing import Any
from uuid import uuid4

from textual import on, work

from client.drafts import Draft
from client.models import ConsentAnswers
from client.models.customer import Customer
from tui.forms.form_screen import FormScreen
from tui.forms.state import FormState
from tui.screens.profile_tabs import ProfileTabs
from tui.tabs.consents import Cell, ConsentGrid, Given
from tui.tabs.preferences import PreferencesPage, answers_key


class ProfileConsents(ProfileTabs):
    """The part of a profile that takes a customer's answers."""

    @property
    def consents_key(self) -> str:
        """Names the draft of answers that are not saved."""
        return f"consents/{self.customer_id}"

    @property
    def unsaved_answers(self) -> int:
        """How many answers are changed and not saved."""
        return sum(page.grid.unsaved for page in self.query(PreferencesPage) if page.grid is not None)

    def refresh_profile(self) -> None:
        """Count what is not saved here with the rest."""
        super().refresh_profile()
        if self.unsaved_answers and self.opened is not None:
            self.header.unsaved = self.opened.unsaved + self.unsaved_answers
            self.header.redraw()

    @on(ConsentGrid.Changed)
    def _keep_answers(self, event: ConsentGrid.Changed) -> None:
        event.stop()
        self._keep(event.grid)

    @on(PreferencesPage.Asked)
    def _answers_asked(self, event: PreferencesPage.Asked) -> None:
        event.stop()
        self.save_answers(event.grid, event.given)

    @work(group="answers", exclusive=True)
    async def save_answers(self, grid: ConsentGrid, given: Given, source: str = "") -> None:
        """Save answers, and ask before how a consent was given where there must be one."""
        cells = {(answer.purpose, answer.channel): answer.state for answer in given.answers}
        before = grid.saved_states(cells)
        customer = await self._sent(given, source)
        if customer is None:
            return
        for cell in cells:
            grid.changed.pop(cell, None)
        self._keep(grid)
        if self.opened is not None:
            self.opened.replaced(customer)
        self.takes_back = partial(self._take_back, grid, before) if before else None
        undo = " u takes it back." if self.takes_back is not None else ""
        count = f"{len(cells)} answers" if len(cells) > 1 else "the answer"
        self.say(f"Saved {count}.{undo}", "good")
        self.load()

    async def _sent(self, given: Given, source: str) -> Customer | None:
        """Send answers; None where nothing was saved."""
        desk, key = self.keeptabs.desk, uuid4().hex
        base = ConsentAnswers(answers=list(given.answers), source=source).to_json()

        async def send(value: Mapping[str, Any]) -> Customer:
            answers = ConsentAnswers.model_validate(value)
            return (await desk.api.customers.answer(self.customer_id, answers, idempotency_key=key)).value

        if given.needs_consent:
            state = FormState(ConsentAnswers, base, desk.formats, new=True)
            form = FormScreen(
                "How was the consent given?", state, ("source", "note"), submit=lambda: send(state.value)
            )
            customer: Customer | None = await self.app.push_screen_wait(form)
            if customer is None:
                self.say("Nothing was saved: a new yes needs how it was given.", "warn")
            return customer
        sent: list[Customer] = []
        async with self.asking("Saving…"):
            sent.append(await send(base))
        if not sent:
            # Somebody else may have answered meanwhile: what is there now is shown beside what was chosen.
            self.load()
            return None
        return sent[0]

    def _take_back(self, grid: ConsentGrid, before: Mapping[Cell, str]) -> None:
        self.save_answers(grid, grid.given(before), source="correction")

    def _keep(self, grid: ConsentGrid) -> None:
        """Have what is chosen on disk within a second, or the draft removed where nothing is left of it."""
        saver = self.keeptabs.desk.draft_saver
        key = answers_key(self.customer_id)
        self.refresh_profile()
        if not grid.changed:
            saver.discard(key)
            return
        chosen = {f"{purpose}/{channel}": state for (purpose, channel), state in grid.changed.items()}
        title = self.opened.customer.display_name if self.opened is not None else ""
        saver.keep(Draft(key=key, title=title, patch=chosen))
