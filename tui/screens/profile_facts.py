"""What staff note of a customer from anywhere in the profile: weight, warnings, privilege."""

from typing import Any, ClassVar, Final

from textual import work

from client.models import Alert, PrivilegeChange, Weight
from client.models.customer_choices import PRIVILEGES
from tui.commands import Command, profile
from tui.forms.form_screen import FormScreen
from tui.forms.state import FormState
from tui.screens.pick import Option, PickScreen
from tui.screens.plain import PlainScreen
from tui.screens.profile_edit import ProfileEdits
from tui.services.first_password import speakable, told_once
from tui.widgets.warnings import signature

_POUNDS: Final = ("US", "LR", "MM")
"""Countries that weigh in pounds."""
_NEW: Final = ""
"""The key of the option that stands for a new warning."""
_UNFINISHED: Final = "alerts/"
"""The place of a warning that is not finished among the drafts of a customer's lists."""
_COMMANDS: Final = ("set_weight", "forget_weight", "warn", "set_privilege")


class ProfileFacts(ProfileEdits):
    """The commands that note what no tab needs to be open for. All but a privilege can be undone."""

    OFFERS: ClassVar[tuple[type[Command], ...]] = (
        profile.SetWeight,
        profile.ForgetWeight,
        profile.Warn,
        profile.SetPrivilege,
    )

    def can(self, name: str) -> bool:
        """Offer what the role allows, while nothing else is being written."""
        if name not in _COMMANDS:
            return super().can(name)
        opened = self.opened
        if opened is None or self.writing or not self.may_edit:
            return False
        if name == "set_privilege":
            return self.keeptabs.desk.may("staff:write")
        return name != "forget_weight" or opened.customer.weight is not None

    def do_set_weight(self) -> None:
        """Ask for the weight; the unit is that of the country, the day is today."""
        opened = self.opened
        if opened is None:
            return
        formats, known = self.keeptabs.desk.formats, opened.customer.weight
        usual = "lb" if formats.numbers.rpartition("_")[2] in _POUNDS else "kg"
        unit = known.unit if known is not None else usual
        base = {"unit": unit, "taken_on": formats.today().isoformat()}
        form = FormState(Weight, base, formats, new=True)

        def take(accepted: list[dict[str, Any]] | None) -> None:
            if accepted:
                self.change({"weight": accepted[0]})

        self.app.push_screen(FormScreen("Weight", form, ("value", "unit", "taken_on")), take)

    def do_forget_weight(self) -> None:
        """Take the weight away."""
        self.change({"weight": None})

    def do_warn(self) -> None:
        """Write a warning; where there are some already, first offer to clear one."""
        opened = self.opened
        if opened is None:
            return
        alerts = opened.customer.alerts
        if not alerts or _UNFINISHED in opened.form.item_drafts:
            self._write_alert()
            return
        formats = self.keeptabs.desk.formats
        options = [Option(_NEW, "Write another one", role="accent")]
        options += [Option(alert.id, alert.text, signature(alert, formats)) for alert in alerts]

        def chosen(taken: list[str] | None) -> None:
            if taken == [_NEW]:
                self._write_alert()
            elif taken:
                left = [alert.to_json() for alert in alerts if alert.id not in taken]
                self.change({"alerts": left})

        self.app.push_screen(PickScreen("Warnings: Enter clears one", options), chosen)

    def _write_alert(self) -> None:
        opened = self.opened
        if opened is None:
            return
        drafts = opened.form.item_drafts
        form = FormState(Alert, {}, self.keeptabs.desk.formats, new=True)
        form.from_draft(drafts.get(_UNFINISHED, {}))

        def keep(draft: dict[str, Any]) -> None:
            if form.is_dirty:
                drafts[_UNFINISHED] = draft
            else:
                drafts.pop(_UNFINISHED, None)
            opened.note_edit("alerts")
            self.keep_draft()

        def take(accepted: list[dict[str, Any]] | None) -> None:
            if accepted is None:
                self.refresh_profile()
                if form.is_dirty:
                    self.say("The warning is not given yet; ! goes on with it.")
                return
            drafts.pop(_UNFINISHED, None)
            opened.note_edit("alerts")
            alerts = [alert.to_json() for alert in opened.customer.alerts]
            self.change({"alerts": [*alerts, *accepted]})

        screen = FormScreen("Warn colleagues", form, ("text", "severity"), on_edited=keep)
        self.app.push_screen(screen, take)

    @work(exclusive=True, group="write")
    async def do_set_privilege(self) -> None:
        """Make the customer staff or admin, or neither, and show a first password once."""
        opened = self.opened
        if opened is None:
            return
        now = opened.customer.privilege
        options = [Option(word, word.capitalize(), meaning) for word, meaning in PRIVILEGES.items()]
        name = opened.customer.display_name
        taken = await self.app.push_screen_wait(PickScreen(f"Privilege of {name}", options, marked=now))
        if not taken or taken[0] == now:
            return
        password = speakable() if now == "none" else None
        body = PrivilegeChange(privilege=taken[0], password=password)
        async with self.asking("Saving…"):
            api = self.keeptabs.desk.api
            answer = await api.customers.act(self.customer_id, "set-privilege", body)
            opened.replaced(answer.value)
            self.refresh_profile()
            if password is None:
                self.say(
                    f"{name} is {taken[0]} now." if taken[0] != "none" else f"{name} no longer works here."
                )
                return
            accounts = [account async for account in api.staff.each()]
            login = next((one.login for one in accounts if one.customer_id == self.customer_id), "")
            self.app.push_screen(PlainScreen(told_once(name, login, password)))
