from __future__ import annotations

import pytest
from django.template import TemplateDoesNotExist

from notifications import rendering


def plain(**context: str) -> rendering.Words:
    return rendering.words("plain", context, channel="email", language="en")


def test_a_subject_is_one_line_without_control_characters():
    words = plain(who="Tom\r\nBcc: all@example.org", what="a\x00 kettle\u2028!")

    assert words.subject == "Tom Bcc: all@example.org, about a kettle !"


def test_only_the_html_is_escaped():
    words = plain(who="Tom & Co", what="<kettle>")

    assert words.text == "Hello Tom & Co,\n\nwe said: <kettle>.\n"
    assert words.html.strip() == "<p>Hello Tom &amp; Co, we said: &lt;kettle&gt;.</p>"


def test_half_a_surrogate_pair_becomes_a_question_mark():
    words = plain(who="Tom\ud800", what="a kettle")

    assert words.subject == "Tom?, about a kettle"
    assert words.text.startswith("Hello Tom?,")


def test_the_inbox_has_its_own_words_and_no_html():
    words = rendering.words("plain", {"what": "a kettle"}, channel="inbox", language="en")

    assert words == rendering.Words(subject="About a kettle", text="We said: a kettle.", html="")


def test_a_message_without_a_template_is_an_error():
    with pytest.raises(TemplateDoesNotExist):
        rendering.words("nothing", {}, channel="email", language="en")
