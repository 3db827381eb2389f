"""Whether a text is English: the only language in which promises are found.

Counted are the small words that every sentence needs. A text that has too few words, or too few of
another language, is taken for English.
"""

from __future__ import annotations

import re
from typing import Final

_WORD: Final = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)?")
_OUR_WORDS: Final = (
    "the and you your i i'll i'm i've it's we we'll we're our to of is are it that this for "
    "with will would can could have has been be not don't what when how my if at from by but "
    "there they please thanks thank sorry yes hello today tomorrow"
)
_OTHER_WORDS: Final = (
    "el la los las que de en un una por para con está usted gracias su se lo le les des est "
    "et pour vous votre nous dans pas avec une du merci sur ce je der die das und ist ich sie "
    "wir mit nicht ein eine für auf den dem ihnen ihr danke guten bitte wird werde il di che "
    "non per sono grazie o os da do em não você obrigado het een van niet voor wij u dank si "
    "al mi mañana morgen demain è och att det inte jag vi till är og ikke jeg det på nie się "
    "na jest że w z dziękuję"
)
_ENGLISH: Final = frozenset(_OUR_WORDS.split())
_OTHERS: Final = frozenset(_OTHER_WORDS.split())
_FEW: Final = 6  # words; fewer tell nothing
_MANY: Final = 20  # words, among which English has some small ones
_LEAST_SHARE: Final = 0.04
_LETTERS_BEFORE: Final = 0x0250  # Latin ends there
_READ_AT_MOST: Final = 20_000  # characters that are enough


def is_english(text: str) -> bool:
    words = [word.casefold().replace("\u2019", "'") for word in _WORD.findall(text[:_READ_AT_MOST])]
    if _is_mostly_another_script(words):
        return False
    english = sum(word in _ENGLISH for word in words)
    others = sum(word in _OTHERS for word in words)
    if len(words) < _FEW:
        return True
    if len(words) >= _MANY and english < _LEAST_SHARE * len(words):
        return False
    return others <= english or others < len(words) / 8


def _is_mostly_another_script(words: list[str]) -> bool:
    letters = "".join(words)
    foreign = sum(ord(letter) >= _LETTERS_BEFORE for letter in letters)
    return 2 * foreign > len(letters)
