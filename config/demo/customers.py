"""Whom the company has made promises to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from .deeds import Told

_OF_THE_STORIES: Final = (
    *("Tom Okafor", "Priya Nair", "George Whitfield", "Mina Park", "Joana Silva", "Callum Reid"),
    *("Hanna Lindqvist", "Peter Novak", "Amara Diallo", "Ruth Ellison", "Ben Carmody"),
    *("Yusuf Demir", "Clara Hoffmann", "Ivan Petrov", "Nia Roberts", "Samuel Osei"),
    *("Greta Larsen", "Luis Romero", "Fatima Khan", "Daniel Marsh", "Ella Thornton"),
    *("Marcus Webb", "Sofia Rinaldi", "Owen Pryce", "Leila Haddadi", "Victor Adeyemi"),
    *("Kate Bramley", "Rajesh Iyer", "Molly Fenwick", "Anton Weiss"),
)
OF_THE_PRESENT: Final = (
    *("Grace Bell", "Elin Strand", "Maya Lindqvist", "Jo Park", "Toni Brandt", "Tomas Vega"),
    *("Bashir Noorani", "Cerys Howell", "Dmitri Orlov", "Eileen Maguire", "Felix Baumann"),
    *("Gwen Tanaka", "Hamid Rostami", "Isla Ferguson", "Jamal Whitaker", "Katarzyna Wolska"),
    *("Liam Gallagher-Stone", "Mei Sung", "Nkechi Eze", "Oscar Lindgren", "Pilar Navarro"),
    *("Quentin Rousseau", "Rosa Marchetti", "Stefan Ilic", "Thandi Mokoena", "Una Byrne"),
    *("Vikram Desai", "Wanda Kowalczyk", "Xenia Pavlou", "Zara Siddiqui"),
    *("Yusra Halabi", "Nils Engstrom"),
)
OF_THE_PAST: Final = (
    *("Adaeze Obi", "Alfie Barrow", "Agnes Toth", "Arjun Mehta", "Astrid Holm", "Beatriz Lopes"),
    *("Bogdan Ionescu", "Carys Vaughan", "Chidi Nwosu", "Cormac Daly", "Dalia Mansour"),
    *("Derek Ashworth", "Edda Kristjansdottir", "Elif Yilmaz", "Emeka Ude", "Esther Adler"),
    *("Farid Benali", "Fiona McLeish", "Gareth Pugh", "Gita Raman", "Hattie Cole", "Henrik Dahl"),
    *("Ibrahim Sesay", "Imogen Stark", "Jaroslav Hruby", "Jenny Applegarth", "Jin-woo Choi"),
    *("Karim El Amrani", "Kirsty Munro", "Lars Nygaard", "Lucia Ferrari", "Magda Zielinska"),
    *("Malik Johnson", "Manon Girard", "Nadia Rahman", "Neville Thorpe", "Niamh O'Leary"),
    *("Olga Smirnova", "Orhan Kaya", "Paolo Conti", "Petra Vondra", "Ravi Subramaniam"),
    *("Rhian Llewellyn", "Roza Kalman", "Sean Fitzgerald", "Shanice Clarke", "Sanna Virtanen"),
    *("Tariq Aslam", "Tilda Bergman", "Uma Krishnan", "Viktor Hansen", "Winnie Cheung"),
    *("Yara Haddad-Cross", "Yolanda Reyes", "Zoltan Balogh", "Zuri Achieng"),
)
# Those whose promises were moved or came late, and who say afterwards what they think of it.
LET_DOWN: Final = (
    *("Abena Mensima", "Bruno Tavares", "Celia Northam", "Dorota Wrona", "Edgar Pellew"),
    *("Freya Sandoe", "Gordon Lyle", "Helga Brunner", "Idris Kamara", "Judit Varga"),
    *("Keith Ormerod", "Lidia Popescu", "Morag Sinclair", "Naveen Pillai", "Oonagh Kerr"),
    *("Piotr Zajac", "Rowena Tripp", "Salma Idrissi", "Terence Gould", "Ursula Meier"),
    *("Vera Antunes", "Wesley Crane", "Ximena Robles", "Yannick Leroy", "Zelda Hough"),
    *("Anselm Rieger", "Bronwen Rees", "Clement Addo", "Delphine Roux", "Errol Baptiste"),
    *("Flora McInnes", "Gaspard Blanc", "Hester Quayle", "Ilse Vogt", "Jerome Castell"),
)


def _known() -> Iterator[Told]:
    for name in _OF_THE_STORIES:
        yield Told(name=name, email=_email(name))
    yield Told(name="Edith Barlow", phone="01632 960 144")
    yield Told(name="Hugo Bennett", email=_email("Hugo Bennett"), has_stopped=True)
    for number, name in enumerate(OF_THE_PRESENT):
        yield Told(name=name, email=_email(name), phone=f"07700 900{number + 100}")
    for name in LET_DOWN:
        yield Told(name=name, email=_email(name))
    for number, name in enumerate(OF_THE_PAST):
        # Three in five gave a number only: they are rung up, and get no mails.
        writes = number % 5 in {0, 2}
        yield Told(
            name=name,
            email=_email(name) if writes else "",
            phone=f"01632 960 {number + 200}",
        )


def _email(name: str) -> str:
    mailbox = name.lower().replace(" ", ".").replace("'", "")
    return f"{mailbox}@customers.example"


CUSTOMERS: Final = tuple(_known())
