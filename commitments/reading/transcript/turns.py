"""A pasted conversation as the turns in which promises are looked for."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from itertools import repeat

from commitments.reading.promises.conversation import Turn

from .said import Transcript, read
from .sides import Speaker, sides_of


def turns(
    pasted: str, *, ours: Collection[str] = (), theirs: Collection[str] = ()
) -> tuple[Turn, ...]:
    """Who said what, with a guess at who is one of us where neither names nor words tell it."""
    transcript = read(pasted, known=[*ours, *theirs])
    return turns_of(transcript, sides_of(transcript, ours=ours, theirs=theirs))


def turns_of(
    transcript: Transcript,
    speakers: Sequence[Speaker],
    *,
    instants: Sequence[datetime | None] | None = None,
) -> tuple[Turn, ...]:
    """One turn for each `said`, in the same order."""
    sides = {speaker.key: speaker.side for speaker in speakers}
    return tuple(
        Turn(speaker=sides[said.key], text=said.text, at=at)
        for said, at in zip(transcript.said, instants or repeat(None), strict=False)
    )
