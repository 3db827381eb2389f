from __future__ import annotations

import gettext
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.template.base import Lexer, TokenType
from django.utils import translation

from config import translating
from config.translating import Entry

TEMPLATES = Path(settings.BASE_DIR) / "templates"
CUSTOMERS_TEMPLATES = [
    *sorted((TEMPLATES / "commitments" / "public").rglob("*.html")),
    *sorted((TEMPLATES / "messages").glob("_[bcf]*")),
    TEMPLATES / "messages" / "_said.html",
    TEMPLATES / "public_base.html",
]
OTHERS = [code for code, _ in settings.LANGUAGES if code != settings.LANGUAGE_CODE]
_PLACES = re.compile(r"%\(\w+\)[sd]|\{\w+\}")


def places(text: str) -> list[str]:
    return sorted(_PLACES.findall(text))


def in_three_lines(tmp_path, settings, *, code: str, template: str) -> list[Entry]:
    """What is found where these are all the code and all the templates there are."""
    (tmp_path / "commitments").mkdir()
    (tmp_path / "commitments" / "said.py").write_text(code)
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "page.html").write_text(template)
    settings.BASE_DIR = tmp_path
    return translating.found()


@pytest.mark.parametrize("language", OTHERS)
def test_nothing_that_customers_read_is_left_untranslated(language: str):
    entries = {entry.key: entry for entry in translating.read(language)}

    assert set(entries) == {entry.key for entry in translating.found()}
    for entry in entries.values():
        assert all(entry.said), entry.words
        assert not entry.is_fuzzy, entry.words


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_has_the_same_placeholders(language: str):
    for entry in translating.read(language):
        for said in entry.said:
            assert places(said) == places(entry.many or entry.words), entry.words


def bare_words(source: str) -> list[str]:
    """What a template says that is not marked to be translated, its names of tags aside."""
    pieces: list[str] = []
    is_marked = False
    for token in Lexer(source).tokenize():
        name = token.split_contents()[0] if token.token_type is TokenType.BLOCK else ""
        if name in {"blocktranslate", "endblocktranslate"}:
            is_marked = name == "blocktranslate"
        is_text = token.token_type is TokenType.TEXT and not is_marked
        pieces.append(token.contents if is_text else "\0")
    read = "".join(pieces)
    said_aloud = re.findall(r'(?:alt|title|aria-label|placeholder)="([^"]*)"', read)
    shown = re.sub(r"(?s)<style>.*?</style>|<[^>]*>|&\w+;|\?\w+=", " ", read)
    return re.findall(r"[^\W\d_]{2,}", " ".join([shown, *said_aloud]))


@pytest.mark.parametrize("file", CUSTOMERS_TEMPLATES, ids=lambda file: file.name)
def test_no_words_stand_bare_in_a_customers_template(file: Path):
    assert bare_words(file.read_text(encoding="utf-8")) == []


def test_bare_words_would_be_seen():
    source = (
        '{% load i18n %}<p title="Bare">{% translate "Marked" %}, {{ name }} and'
        "{% blocktranslate %}marked {{ x }} too{% endblocktranslate %}</p>"
    )

    assert bare_words(source) == ["and", "Bare"]


@pytest.mark.parametrize("language", OTHERS)
def test_what_django_reads_is_what_people_edit(language: str):
    compiled = translating.compiled(language, translating.read(language))

    assert translating.path(language).with_suffix(".mo").read_bytes() == compiled


def test_the_catalogue_that_is_written_is_read_by_the_standard_library(tmp_path):
    entries = [
        Entry(words='A "quoted"\nline', said=("Una «cita»\ty más",)),
        Entry(words="%(count)s day", many="%(count)s days", said=("un día", "%(count)s días")),
        Entry(words="Not yet", said=("",)),
    ]

    (tmp_path / "x.mo").write_bytes(translating.compiled("es", entries))
    with (tmp_path / "x.mo").open("rb") as file:
        catalogue = gettext.GNUTranslations(file)

    assert catalogue.gettext('A "quoted"\nline') == "Una «cita»\ty más"
    assert catalogue.ngettext("%(count)s day", "%(count)s days", 1) == "un día"
    assert catalogue.ngettext("%(count)s day", "%(count)s days", 2) == "%(count)s días"
    assert catalogue.gettext("Not yet") == "Not yet"


def test_a_catalogue_comes_back_as_it_was_written(tmp_path, settings):
    settings.LOCALE_PATHS = [tmp_path]
    entries = [
        Entry(words='A "quoted"\nline \\ ', said=("Una\tlínea",)),
        Entry(words="one", many="many", said=("uno", "muchos"), is_fuzzy=True),
    ]
    translating.path("es").parent.mkdir(parents=True)

    translating.path("es").write_text(translating.as_text("es", entries), encoding="utf-8")

    assert translating.read("es") == entries


def test_words_are_found_in_code_and_in_templates(tmp_path, settings):
    found = in_three_lines(
        tmp_path,
        settings,
        code="from django.utils.translation import gettext as _, ngettext\n"
        '_("Hello")\nngettext("a day", "days", 3)\n_(of_a_variable)\n',
        template='{% load i18n %}{% block a %}{% translate "Thank you" %}{% endblock %}'
        "{% blocktranslate trimmed with name=who %}\n  Hello\n  {{ name }}\n"
        "{% endblocktranslate %}",
    )

    assert [entry.words for entry in found] == ["Hello", "a day", "Thank you", "Hello %(name)s"]


def test_new_words_are_listed_and_what_was_translated_is_kept(tmp_path, settings, capsys):
    settings.LOCALE_PATHS = [tmp_path / "locale"]
    translating.path("es").parent.mkdir(parents=True)
    known = [Entry(words="Hello", said=("Hola",)), Entry(words="Said no more", said=("Nada",))]
    translating.path("es").write_text(translating.as_text("es", known), encoding="utf-8")
    in_three_lines(
        tmp_path,
        settings,
        code="from django.utils.translation import gettext as _\n_('Hello')\n_('Goodbye')\n",
        template="",
    )

    call_command("translations")

    assert translating.read("es") == [
        Entry(words="Hello", said=("Hola",)),
        Entry(words="Goodbye", said=("",)),
    ]
    assert capsys.readouterr().out == (
        "es: not translated yet: Goodbye\nes: 2 texts, 1 not translated.\n"
    )


def test_a_customer_page_in_spanish_says_django_s_own_words_in_spanish_too():
    with translation.override("es"):
        assert translation.gettext("See how it stands") == "Ver cómo va"
        assert translation.gettext("This field is required.") == "Este campo es requerido."
