"""A way through a graph: what is asked when, what is right, and what is said to mistakes."""

import pytest

from core.labs.expression import PRESETS, parse
from core.labs.tour import SLOPE, VALUE, Tour, TourStop

CHAIN, NEURON = (PRESETS[name][1] for name in ("chain", "neuron"))


def at(tour, name):
    """The tour where this number is asked for."""
    return tour.go([stop.name for stop in tour.stops].index(name))


def test_it_goes_forward_and_then_back():
    tour = Tour(parse(CHAIN))
    names = [stop.name for stop in tour.stops]
    assert names == ["u", "v", "J", "dv", "du", "dc", "db", "da"]
    assert not tour.knows(VALUE, "u")
    assert tour.knows(VALUE, "a")
    assert not tour.knows(SLOPE, "J")
    for answer in (6, 10, 30, 3, 3, 6, 9, 3):
        assert not tour.complete
        tour, reply = tour.judged(answer)
        assert reply == ""
    assert tour.complete
    assert tour.knows(SLOPE, "J")


def test_a_wrong_answer_moves_nothing_and_is_answered():
    tour = Tour(parse(CHAIN))
    same, reply = tour.judged(5)
    assert same is tour
    assert reply == "Not yet: u = b · c, with b = 2, c = 3."


@pytest.mark.parametrize(
    ("text", "name", "answer", "said"),
    [
        (CHAIN, "db", 3, "comes first"),
        (CHAIN, "db", -9, "sign"),
        (CHAIN, "db", 7, "goes into u"),
        (CHAIN, "da", 12, "no factor"),
        (NEURON, "da", 1.8287, "sign"),
        (NEURON, "dz", -1.8287, "comes first"),
        (NEURON, "dz", 0.2478, "Multiply it by da"),
        ("a = 3; J = a*a", "da", 3, "one way"),
        ("a = 3; J = a*a", "da", 8, "add the ways"),
    ],
)
def test_mistakes_get_their_own_reply(text, name, answer, said):
    tour = at(Tour(parse(text)), name)
    same, reply = tour.judged(answer)
    assert same is tour
    assert said in reply


def test_revealing_continues_with_the_next_open_number():
    tour = Tour(parse(CHAIN)).reveal().step(1).reveal()
    assert tour.known == {TourStop(VALUE, "u"), TourStop(VALUE, "J")}
    assert tour.stop == TourStop(SLOPE, "v")
    tour = at(tour, "da").reveal()
    assert tour.stop == TourStop(VALUE, "v")
    assert tour.reveal_all().complete


def test_moves_stay_within_the_tour():
    tour = Tour(parse(CHAIN))
    assert tour.step(-1).at == 0
    assert tour.go(99).stop == TourStop(SLOPE, "a")
    assert tour.go_to("J").stop == TourStop(VALUE, "J")
    assert tour.go_to("a").at == 0  # a has no value to compute
    assert tour.go(3).go_to("a").stop == TourStop(SLOPE, "a")


def test_a_single_number_asks_for_nothing():
    tour = Tour(parse("J = 4"))
    assert tour.stop is None
    assert tour.reveal() is tour
    assert tour.complete
