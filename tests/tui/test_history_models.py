"""What the activity of a customer tells is told in words, whatever kind of record it is of."""

import pytest

from server.privacy.holding import of_customers
from server.routes import COLLECTIONS
from tui.tabs.history import MODELS


@pytest.mark.feature("F9.4")
def test_each_kind_of_record_that_a_customer_has_is_told_by_the_names_of_its_fields() -> None:
    kinds = {collection.path.rpartition("/")[2]: collection.model for collection in of_customers(COLLECTIONS)}
    assert {kind for kind in kinds if kind not in MODELS} <= {"acts-for", "events"}
    assert all(issubclass(kinds[kind], MODELS[kind]) for kind in kinds if kind in MODELS)
