"""Whom the company has made promises to."""

from __future__ import annotations

from typing import Final

from .deeds import Told

_ADDRESSES: Final = (
    *("Tom Okafor", "Priya Nair", "George Whitfield", "Mina Park", "Joana Silva", "Callum Reid"),
    *("Hanna Lindqvist", "Peter Novak", "Amara Diallo", "Ruth Ellison", "Ben Carmody"),
    *("Yusuf Demir", "Clara Hoffmann", "Ivan Petrov", "Nia Roberts", "Samuel Osei"),
    *("Greta Larsen", "Luis Romero", "Fatima Khan", "Daniel Marsh", "Ella Thornton"),
    *("Marcus Webb", "Sofia Rinaldi", "Owen Pryce", "Leila Haddadi", "Victor Adeyemi"),
    *("Kate Bramley", "Rajesh Iyer", "Molly Fenwick", "Anton Weiss"),
)

CUSTOMERS: Final = (
    *(
        Told(name=name, email=f"{name.lower().replace(' ', '.')}@customers.example")
        for name in _ADDRESSES
    ),
    Told(name="Edith Barlow", phone="01632 960 144"),
    Told(name="Hugo Bennett", email="hugo.bennett@customers.example", has_stopped=True),
)
