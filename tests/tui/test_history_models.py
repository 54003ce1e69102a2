"""What the activity of a customer tells is told in words, whatever kind of record it is of."""

import pytest

from server.privacy.holding import of_customers
from server.routes import COLLECTIONS
from tui.tabs.naming import model_of


@pytest.mark.feature("F9.4")
def test_each_kind_of_record_that_a_customer_has_is_told_by_the_names_of_its_fields() -> None:
    kinds = {collection.path.rpartition("/")[2]: collection.model for collection in of_customers(COLLECTIONS)}
    assert {kind: model_of(kind) for kind in kinds} == kinds


@pytest.mark.parametrize("kind", ["", "finals", "unheard-of", "typing", "pages of"])
def test_a_kind_of_record_that_is_not_known_has_no_names(kind: str) -> None:
    assert not set(model_of(kind).model_fields) & {"display_name", "body"}
