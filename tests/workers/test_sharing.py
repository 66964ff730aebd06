from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from stanch.model import Engagement, Login, Payout
from stanch.workers.sharing import Components, rings, share
from stanch.workers.traces import Identifier

Make = Callable[..., Engagement]

#: Each record: the numbers of the devices and phones it carries. Names are all different, so records are people.
records = st.lists(
    st.tuples(st.frozensets(st.integers(0, 6), max_size=3), st.frozensets(st.integers(0, 6), max_size=2)), max_size=14
)


def built(rows: Sequence[tuple[frozenset[int], frozenset[int]]]) -> list[Engagement]:
    return [
        Engagement(
            f"e{index}",
            devices=tuple(f"fp-{device}x" for device in sorted(devices)),
            phones=tuple(f"+4477009001{phone}0" for phone in sorted(phones)),
        )
        for index, (devices, phones) in enumerate(rows)
    ]


def reached_by_search(rows: Sequence[Engagement]) -> set[frozenset[str]]:
    """Components by comparing every record with every other: the slow way, as an oracle."""
    values = [{*row.devices, *row.phones} for row in rows]
    left, found = set(range(len(rows))), set()
    while left:
        group, queue = set(), [min(left)]
        while queue:
            at = queue.pop()
            if at in left:
                left.discard(at)
                group.add(at)
                queue += [other for other in left if values[at] & values[other]]
        if len(group) > 1:
            found.add(frozenset(rows[index].id for index in group))
    return found


@given(records)
def test_rings_equal_those_found_by_comparing_all_pairs(rows: list[tuple[frozenset[int], frozenset[int]]]) -> None:
    engagements = built(rows)
    assert {frozenset(ring.members) for ring in rings(share(engagements))} == reached_by_search(engagements)


@given(records, st.randoms(use_true_random=False))
def test_links_do_not_hang_on_the_order_of_records(rows: list, random: object) -> None:  # type: ignore[type-arg]
    engagements = built(rows)
    shuffled = engagements[:]
    random.shuffle(shuffled)  # type: ignore[attr-defined]

    def seen(some: list[Engagement]) -> dict[Identifier, tuple[int, frozenset[str], bool]]:
        links = share(some).links.values()
        return {
            link.identifier: (link.people, frozenset(p.engagement_id for p in link.places), link.household)
            for link in links
        }

    assert seen(engagements) == seen(shuffled)


@given(st.lists(st.tuples(st.integers(0, 19), st.integers(0, 19)), max_size=40))
def test_root_is_the_smallest_member(joins: list[tuple[int, int]]) -> None:
    components = Components(20)
    for a, b in joins:
        components.join(a, b)
    groups: dict[int, list[int]] = {}
    for item in range(20):
        groups.setdefault(components.find(item), []).append(item)
    assert all(root == min(members) for root, members in groups.items())


def test_identifiers_compare_in_normal_form(make: Make) -> None:
    rows = [
        make(1, phones=("+44 (0)7700 900-555",), emails=("Box@Example.COM",)),
        make(2, phones=("0044 7700 900555",), emails=("box@example.com",)),
        make(3, payouts=(Payout(iban="NL91 ABNA 0417 1643 00"),)),
        make(4, payouts=(Payout(iban="nl91abna0417164300"),)),
    ]
    assert {link.identifier.kind for link in share(rows).links.values()} == {"phone", "email", "iban"}


def test_ipv6_hosts_of_one_network_are_one_place() -> None:
    from stanch.workers.identifiers import public_ip

    assert public_ip("2001:db8:1:2::7") == public_ip("2001:db8:1:2:aaaa::9") != public_ip("2001:db8:1:3::7")


def test_address_and_ip_tie_nobody_into_a_ring(make: Make) -> None:
    at_hub = (Login(datetime(2026, 5, 4, tzinfo=UTC), "203.0.113.50"),)
    rows = [make(n, addresses=("1 Hub Road, Leeds",), logins=at_hub) for n in range(3)]
    sharing = share(rows)
    assert {link.identifier.kind for link in sharing.links.values()} == {"address", "ip"}
    assert rings(sharing) == []


def test_hub_ties_nobody_into_a_ring(make: Make) -> None:
    sharing = share([make(n, payouts=(Payout(iban="PAYROLL0001"),), logins=()) for n in range(150)])
    assert rings(sharing) == []


def test_ring_names_members_in_input_order_with_its_ties(make: Make) -> None:
    rows = [make(3, devices=("fp-a-1",)), make(1, devices=("fp-a-1", "fp-b-1")), make(2, devices=("fp-b-1",)), make(7)]
    (ring,) = rings(share(rows))
    assert ring.members == ("e3", "e1", "e2")
    assert ring.people == 3
    assert [link.identifier.value for link in ring.links] == ["fp-a-1", "fp-b-1"]
