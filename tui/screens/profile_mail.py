"""Mail and the portal from anywhere in the profile: write, tell of a save, confirm, set a password."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, ClassVar
from uuid import uuid4

from textual import on, work

from client.models import Customer, PortalAccount
from client.patches import patch_between
from client.saving import Saved
from client.single import NONE_YET
from tui.commands import Command, profile
from tui.forms.form_screen import FormScreen
from tui.forms.state import FormState
from tui.screens.confirm import ConfirmScreen
from tui.screens.plain import PlainScreen
from tui.screens.profile_tabs import ProfileTabs
from tui.services.first_password import speakable, told_once
from tui.services.open_customer import TOLD
from tui.tabs.messages import MESSAGES
from tui.tabs.portal import PortalPart


class ProfileMail(ProfileTabs):
    """The commands that reach the customer through the server."""

    OFFERS: ClassVar[tuple[type[Command], ...]] = (
        profile.WriteMessage,
        profile.TellCustomer,
        profile.SendConfirmation,
    )

    def can(self, name: str) -> bool:
        """Offer what the role allows and what there is an address for."""
        desk = self.keeptabs.desk
        if name == "write_message":
            return self._has_address and desk.has("messages") and desk.may("messages:write")
        if name == "tell_customer":
            return self._has_address and desk.has("messages") and self.may_edit
        if name == "send_confirmation":
            return self._has_address and desk.has("portal_account") and desk.may("portal-account:write")
        return super().can(name)

    @property
    def _has_address(self) -> bool:
        return self.opened is not None and bool(self.opened.customer.emails)

    def do_write_message(self) -> None:
        """Show the form of a new message, whatever tab is in front."""
        opened = self.opened
        if opened is not None and opened.customer.email_opt_out:
            self.say("This customer wants no e-mail: write only what must be said.", "warn")
        self.edit_record(MESSAGES)

    def do_tell_customer(self) -> None:
        """Have the next save told to the customer, or not after all."""
        opened = self.opened
        if opened is None:
            return
        opened.tells = not opened.tells
        self.refresh_profile()
        if not opened.tells:
            self.say("The customer gets no e-mail of what you save.")
        elif opened.customer.email_opt_out:
            opened.tells = False
            self.refresh_profile()
            self.say("This customer wants no e-mail, and gets none of what you save.", "warn")
        else:
            self.say("The next save is told to the customer by e-mail; notes and labels never are.")

    def told_by(self, saved: Saved[Customer]) -> str:
        """Say whether the customer is told of a save, and keep quiet about the next one."""
        opened = self.opened
        if opened is None or not opened.tells:
            return ""
        opened.tells = False
        if TOLD in saved.fulfilled:
            return " and told to the customer,"
        return " but not told, for nothing of it is the customer's to know,"

    def do_send_confirmation(self) -> None:
        """Send the e-mail by which the customer confirms the account."""
        self._send_confirmation()

    @on(PortalPart.Wanted)
    def _portal_wanted(self, wanted: PortalPart.Wanted) -> None:
        wanted.stop()
        does: Mapping[str, Callable[[], object]] = {
            "edit": partial(self._edit_account, password_first=wanted.about == "password"),
            "confirm": self._send_confirmation,
            "generate_password": self._generate_password,
            "remove": self._remove_account,
        }
        does[wanted.verb]()

    @work(group="portal")
    async def _send_confirmation(self) -> None:
        key = uuid4().hex
        async with self.asking("Sending…"):
            await self.keeptabs.desk.api.customers.send_confirmation(self.customer_id, idempotency_key=key)
            self._account_changed()
            self.say("The confirmation e-mail is on its way; its link is good once, for a week.", "good")

    @work(group="portal")
    async def _edit_account(self, *, password_first: bool = False) -> None:
        """Show the form of the account, a new one where there is none yet."""
        account, desk = self._account, self.keeptabs.desk
        base = account.to_json() if account is not None else {}
        state = FormState(PortalAccount, base, desk.formats, new=account is None)
        if account is None and self.opened is not None and self.opened.customer.emails:
            state.set("login", next(one.address for one in self.opened.customer.emails if one.is_primary))

        async def submit() -> PortalAccount:
            return await self._saved(account, patch_between(base, state.value))

        title = "New portal account" if account is None else "Portal account"
        names = ("password", "login") if password_first else ("login", "password")
        form = FormScreen(title, state, names, submit=submit)
        saved = await self.app.push_screen_wait(form)
        if saved is not None:
            self._show_account(saved)
            self.say("Saved the portal account.", "good")

    @work(group="portal")
    async def _generate_password(self) -> None:
        """Set a password that can be read out, and show it this once."""
        account = self._account
        if account is None:
            return
        password = speakable()
        async with self.asking("Saving…"):
            self._show_account(await self._saved(account, {"password": password}))
            self.app.push_screen(PlainScreen(told_once("The customer", account.login, password)))

    @work(group="portal")
    async def _remove_account(self) -> None:
        """Remove the account after its login was typed."""
        account = self._account
        if account is None:
            return
        sentences = [
            f"{account.login} can then no longer sign in to the portal, and the password is gone.",
            "The customer and everything else stay.",
        ]
        if not await self.app.push_screen_wait(
            ConfirmScreen("Remove the portal account", sentences, account.login)
        ):
            return
        async with self.asking("Removing…"):
            await self.keeptabs.desk.api.portal_account(self.customer_id).delete()
            self._show_account(None)
            self.say("The portal account is removed.", "good")

    @property
    def _account(self) -> PortalAccount | None:
        return self.opened.document.portal_account if self.opened is not None else None

    async def _saved(self, account: PortalAccount | None, patch: dict[str, Any]) -> PortalAccount:
        version = account.version if account is not None else NONE_YET
        single = self.keeptabs.desk.api.portal_account(self.customer_id)
        return (await single.update(patch, version=version)).value

    def _show_account(self, account: PortalAccount | None) -> None:
        if self.opened is not None:
            self.opened.document = self.opened.document.model_copy(update={"portal_account": account})
        self._account_changed()
        self.refresh_profile()

    def _account_changed(self) -> None:
        """Have the account and the messages asked for again where they are shown."""
        self.outdated(("portal_account", MESSAGES.member))
