"""What can be made of the customers that were found."""

from typing import TYPE_CHECKING, ClassVar

from tui.commands import Command, customers, marking
from tui.screens.found_customers import FoundCustomers
from tui.services.marks import Everyone

if TYPE_CHECKING:
    from client.models import CustomerRow, Page
    from tui.widgets.customer_list import CustomerList

_ROWS = 200


class MakesLists(FoundCustomers):
    """Makes a marketing list of what is searched for, has several customers worked on, shows reports."""

    OFFERS: ClassVar[tuple[type[Command], ...]] = (customers.MarketingList, marking.ShowReports)

    def do_marketing_list(self) -> None:
        """Have a channel picked, and show whom of those found it may be used for."""
        from tui.screens.audience import make_list

        make_list(self.keeptabs, self.search.question, self.names())

    def do_show_reports(self) -> None:
        """Show the reports."""
        from tui.screens.reports import ReportsScreen

        self.app.push_screen(ReportsScreen())

    @property
    def marked_list(self) -> "CustomerList":
        """The list of customers."""
        return self.driven

    def everyone(self) -> Everyone | None:
        """Give all that the search finds, once it is answered."""
        found = self.search.found
        if self.recents_only or self.search.fit != "answer" or not found.rows:
            return None
        question = self.search.question.model_copy(update={"limit": _ROWS})

        async def next_page(cursor: str) -> "Page[CustomerRow]":
            api = await self.api()
            return (await api.customers.search(question.model_copy(update={"cursor": cursor}))).value

        total = found.total if found.next_cursor else len(found.rows)
        return Everyone(next_page, total)

    def question_changed(self) -> None:
        """Let go of the marks of all that another question found."""
        super().question_changed()
        if self.marks.everyone is not None:
            self.marks.clear()
            self.remark("Other customers are searched for: the marks of all found before are off.", "warn")

    def marks_changed(self) -> None:
        """Show the marks and how many there are."""
        self.show_rows(keep_place=True)
        self.show_counts()

    def customers_changed(self) -> None:
        """Ask again."""
        self.search.forget()
        self.load_recents()
        self.put_again()
