"""The three-way merge and merge patches: nothing of either side is lost unseen."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client.merge import apply_patch, changes, covers, merge, patch_between, same

scalars = st.booleans() | st.integers(-3, 3) | st.sampled_from(["", "a", "b", "Ünï", "~/"])
words = st.lists(st.sampled_from(["vip", "donor", "late", "new"]), unique=True, max_size=4)


@st.composite
def items(draw: st.DrawFn) -> list[dict[str, Any]]:
    ids = draw(st.lists(st.sampled_from(["i1", "i2", "i3", "i4"]), unique=True, max_size=4))
    members = st.fixed_dictionaries({}, optional={"address": scalars, "type": scalars})
    found: list[dict[str, Any]] = [{"id": item_id, **draw(members)} for item_id in ids]
    if draw(st.booleans()) and found:
        draw(st.sampled_from(found))["is_primary"] = True
    return found


names = st.sampled_from(["given_name", "status", "a/b", "~"])
values = st.recursive(scalars, lambda deeper: st.dictionaries(names, deeper, max_size=3), max_leaves=6)
records = st.fixed_dictionaries(
    {},
    optional={
        "given_name": values,
        "status": values,
        "weight": st.dictionaries(names, values, max_size=3),
        "labels": words,
        "emails": items(),
        "others": st.lists(st.integers(0, 3), max_size=3),
    },
)


@given(records, records)
def test_a_patch_between_two_records_makes_one_of_the_other(
    base: dict[str, Any], target: dict[str, Any]
) -> None:
    assert same(apply_patch(base, patch_between(base, target)), target)


@given(records)
def test_nothing_differs_between_a_record_and_itself(record: dict[str, Any]) -> None:
    assert patch_between(record, record) == {}
    assert changes(record, record) == []


@given(records, records)
def test_changes_name_a_place_wherever_a_patch_is_needed(
    base: dict[str, Any], target: dict[str, Any]
) -> None:
    assert bool(changes(base, target)) == bool(patch_between(base, target))


@given(records, records)
def test_merging_with_an_unchanged_side_gives_the_other(
    base: dict[str, Any], changed: dict[str, Any]
) -> None:
    for merged in (merge(base, changed, base), merge(base, base, changed), merge(base, changed, changed)):
        assert same(merged.value, changed)
        assert merged.clashes == ()


def leaves(record: dict[str, Any]) -> dict[tuple[str, ...], Any]:
    """Give every value of a record by its place; items of lists by their ids, words by themselves."""
    found: dict[tuple[str, ...], Any] = {}

    def walk(value: Any, place: tuple[str, ...]) -> None:
        if isinstance(value, dict):
            for name, member in value.items():
                walk(member, (*place, name))
        elif place in (("labels",), ("emails",)):
            for item in value:
                if isinstance(item, dict):
                    walk({name: item[name] for name in item if name != "is_primary"}, (*place, item["id"]))
                else:
                    found[*place, item] = True
        else:
            found[place] = value

    walk(record, ())
    return found


def clashed(place: tuple[str, ...], value: Any, merged: Any) -> bool:
    """Say whether a clash tells of a change at `place` or around it."""
    del value
    for clash in merged.clashes:
        steps = clash.pointer.split("/")[1:]
        named = [step.replace("~1", "/").replace("~0", "~") for step in steps]
        if named[:1] == ["emails"] and len(named) > 1:
            item = merged.value["emails"][int(named[1])]
            named[1] = item["id"]
        if tuple(named) == place[: len(named)]:
            return True
    return False


@given(records, records, records)
def test_every_change_of_either_side_is_in_the_value_or_in_a_clash(
    base: dict[str, Any], mine: dict[str, Any], theirs: dict[str, Any]
) -> None:
    merged = merge(base, mine, theirs)
    before, after = leaves(base), leaves(merged.value)
    for side, other in ((leaves(mine), leaves(theirs)), (leaves(theirs), leaves(mine))):
        for place, value in side.items():
            if place in before and same(before[place], value):
                continue
            kept = place in after and same(after[place], value)
            assert kept or clashed(place, value, merged), (place, value, merged, other)


@given(records, records, records)
def test_one_item_at_most_is_the_primary_one(
    base: dict[str, Any], mine: dict[str, Any], theirs: dict[str, Any]
) -> None:
    merged = merge(base, mine, theirs).value
    assert sum(item.get("is_primary") is True for item in merged.get("emails", [])) <= 1


@given(base=records, mine=records, theirs=records, take_mine=st.booleans())
def test_a_person_can_decide_every_clash_either_way(
    base: dict[str, Any], mine: dict[str, Any], theirs: dict[str, Any], *, take_mine: bool
) -> None:
    merged = merge(base, mine, theirs)
    choices = {clash.pointer: clash.mine if take_mine else clash.theirs for clash in merged.clashes}
    decided = merged.resolved(choices)
    assert sum(item.get("is_primary") is True for item in decided.get("emails", [])) <= 1
    for clash in merged.clashes:
        if clash.pointer.count("/") == 1:
            name = clash.pointer[1:].replace("~1", "/").replace("~0", "~")
            assert same(decided.get(name), choices[clash.pointer])


@pytest.mark.feature("F11.3")
def test_two_people_who_change_different_fields_of_one_address_both_get_their_way() -> None:
    base = {"addresses": [{"id": "1", "line1": "Main St 1", "city": "Salem"}]}
    mine = {"addresses": [{"id": "1", "line1": "Main St 2", "city": "Salem"}]}
    theirs = {"addresses": [{"id": "1", "line1": "Main St 1", "city": "Portland"}]}
    merged = merge(base, mine, theirs)
    assert merged.value == {"addresses": [{"id": "1", "line1": "Main St 2", "city": "Portland"}]}
    assert merged.clashes == ()


@pytest.mark.feature("F11.3")
def test_the_same_field_changed_twice_is_a_clash_that_shows_all_three_values() -> None:
    merged = merge({"given_name": "Jo"}, {"given_name": "Joanna"}, {"given_name": "Johanna"})
    (clash,) = merged.clashes
    assert (clash.pointer, clash.base, clash.mine, clash.theirs) == ("/given_name", "Jo", "Joanna", "Johanna")
    assert merged.value == {"given_name": "Johanna"}
    assert merged.resolved({"/given_name": "Joanna"}) == {"given_name": "Joanna"}


def test_labels_added_and_removed_on_both_sides_are_united() -> None:
    merged = merge({"labels": ["a", "b"]}, {"labels": ["b", "mine"]}, {"labels": ["a", "b", "theirs"]})
    assert merged.value == {"labels": ["b", "theirs", "mine"]}


def test_an_item_changed_here_and_removed_there_stays_until_a_person_decides() -> None:
    base = {"phones": [{"id": "1", "number": "+1"}, {"id": "2", "number": "+2"}]}
    merged = merge(base, {"phones": [{"id": "1", "number": "+9"}]}, {"phones": [{"id": "2", "number": "+2"}]})
    (clash,) = merged.clashes
    assert merged.value == {"phones": [{"id": "1", "number": "+9"}]}
    assert clash.theirs is None
    assert merged.resolved({clash.pointer: None}) == {"phones": []}


def test_an_added_item_whose_save_was_answered_to_nobody_is_not_added_twice() -> None:
    base: dict[str, Any] = {"emails": [{"id": "1", "address": "a@x", "is_primary": True}]}
    mine = {"emails": [*base["emails"], {"address": "b@x"}]}
    theirs = {"emails": [*base["emails"], {"id": "2", "address": "b@x"}]}
    assert merge(base, mine, theirs).value == theirs


def test_new_items_of_mine_come_behind_theirs_and_move_none() -> None:
    base = {"emails": [{"id": "1", "address": "a@x"}]}
    theirs = {"emails": [{"id": "1", "address": "a@x"}, {"id": "2", "address": "b@x"}]}
    merged = merge(base, {"emails": [{"id": "1", "address": "a@x"}, {"address": "c@x"}]}, theirs)
    assert [item["address"] for item in merged.value["emails"]] == ["a@x", "b@x", "c@x"]


def test_an_order_that_only_mine_changed_is_kept() -> None:
    base = {"phones": [{"id": "1"}, {"id": "2"}]}
    merged = merge(
        base, {"phones": [{"id": "2"}, {"id": "1"}]}, {"phones": [{"id": "1"}, {"id": "2"}, {"id": "3"}]}
    )
    assert [item["id"] for item in merged.value["phones"]] == ["2", "1", "3"]


def test_two_different_choices_of_the_primary_are_a_clash() -> None:
    def emails(primary: str) -> dict[str, Any]:
        return {"emails": [{"id": n, **({"is_primary": True} if n == primary else {})} for n in "123"]}

    merged = merge(emails("1"), emails("2"), emails("3"))
    assert merged.value == emails("3")
    (clash,) = merged.clashes
    assert clash.pointer == "/emails/1/is_primary"
    assert merged.resolved({clash.pointer: True}) == emails("2")


def test_what_a_server_adds_by_itself_does_not_hide_that_a_save_worked() -> None:
    kept = [{"id": "1", "address": "a@x", "is_primary": True}]
    assert covers([{"address": "a@x"}], kept)
    assert not covers([{"address": "a@x"}], [{**kept[0], "for_billing": True}])
    assert not covers([{"id": "2", "address": "a@x"}], kept)
    assert not covers(True, 1)
