from __future__ import annotations

import pytest

from commitments.reading.languages import is_english


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Ok.",
        "Ana: Good morning.\nTom: Hello.",
        "Ana: I'll send you the lid by Friday.\nTom: Gracias, hasta la vista!",
        "Agent: Your order from the Calle de la Paz is on the way, you will have it today.",
        "[10:02] Ana: Kettle, blue, 1.7 litres.\n[10:03] Tom: Thanks, that is the one.",
        "12345 67890",
    ],
)
def test_english_is_known(text: str) -> None:
    assert is_english(text)


@pytest.mark.parametrize(
    "text",
    [
        "Ana: Buenos días, ¿en qué puedo ayudarle?\nTomás: La tapa está rota.\nAna: La enviaré.",
        "Ana: Guten Tag, ich schicke Ihnen morgen einen neuen Deckel.\nTom: Danke, das ist gut.",
        "Ana: Bonjour, je vous envoie un nouveau couvercle demain.\nTom: Merci pour votre aide.",
        "Dzień dobry, wyślę pani nową pokrywkę jutro rano. Proszę dać znać, czy dotarła.\n" * 2,
        "Ana: سأرسل لك غطاء جديدا غدا\nTom: شكرا",
        "我明天给您打电话",
        "Я позвоню вам завтра утром.",
    ],
)
def test_other_languages_are_told_from_it(text: str) -> None:
    assert not is_english(text)
