"""What is read of an answer, however it comes."""

from __future__ import annotations

import http.client
import socket
from collections.abc import Iterator

import pytest

from notifications.channels import answers
from notifications.channels.answers import Answer


@pytest.fixture
def line() -> Iterator[tuple[socket.socket, socket.socket]]:
    ours, theirs = socket.socketpair()
    ours.settimeout(5)
    with ours, theirs:
        yield ours, theirs


def answer(line: tuple[socket.socket, socket.socket], *pieces: bytes) -> Answer:
    """What is read when this is said, and then nothing more."""
    ours, theirs = line
    theirs.sendall(pieces[0])
    for piece in pieces[1:]:
        theirs.sendall(piece)
    theirs.shutdown(socket.SHUT_WR)
    return answers.read(ours)


KEPT = {
    "plain": b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
    "without a reason": b"HTTP/1.1 200\r\ncontent-length:2\r\n\r\nok",
    "in chunks": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
    "after a first word": (
        b"HTTP/1.1 100 Go on\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
    ),
    "with one header twice": (
        b"HTTP/1.1 200 OK\r\nSet-Cookie: a\r\nSet-Cookie: b\r\nContent-Length: 2\r\n\r\nok"
    ),
    "kept in so many words": (
        b"HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nok"
    ),
}


@pytest.mark.parametrize("how", KEPT)
def test_a_whole_answer_is_read_and_the_line_goes_on(
    how: str, line: tuple[socket.socket, socket.socket]
):
    expected = Answer(code=200, words="ok", retry_after="", goes_on=True)

    assert answer(line, KEPT[how]) == expected


ENDED = {
    "it says so": b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok",
    "it is of old": b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok",
    "it has no length": b"HTTP/1.1 200 OK\r\n\r\nok",
    "it is cut off": b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nok",
}


@pytest.mark.parametrize("why", ENDED)
def test_after_other_answers_the_line_ends(why: str, line: tuple[socket.socket, socket.socket]):
    said = answer(line, ENDED[why])

    assert (said.code, said.goes_on) == (200, False)


def test_an_answer_may_come_in_pieces(line: tuple[socket.socket, socket.socket]):
    said = KEPT["plain"]

    for cut in range(1, len(said)):
        ours, theirs = socket.socketpair()
        with ours, theirs:
            theirs.sendall(said[:cut])
            first = _Late(ours, theirs, said[cut:])
            assert answers.read(first).words == "ok"  # type: ignore[arg-type]


class _Late:
    """A socket whose far end says the rest only when the beginning has been read."""

    def __init__(self, ours: socket.socket, theirs: socket.socket, rest: bytes) -> None:
        self.ours, self.theirs, self.rest = ours, theirs, rest

    def recv(self, most: int) -> bytes:
        begun = self.ours.recv(most)
        self.theirs.sendall(self.rest)
        return begun

    def recv_into(self, buffer: memoryview) -> int:
        return self.ours.recv_into(buffer)


def test_the_wait_that_is_asked_for_is_read_from_either(
    line: tuple[socket.socket, socket.socket],
):
    plain = answer(line, b"HTTP/1.1 429 Slow\r\nRetry-After: 30\r\nContent-Length: 0\r\n\r\n")

    assert (plain.code, plain.retry_after, plain.words) == (429, "30", "")


def test_no_answer_at_all_is_an_error_of_the_line(line: tuple[socket.socket, socket.socket]):
    with pytest.raises(ConnectionError):
        answer(line, b"")


def test_nonsense_is_no_answer(line: tuple[socket.socket, socket.socket]):
    with pytest.raises(http.client.HTTPException):
        answer(line, b"EHLO desk.example\r\n")


def test_of_many_words_two_hundred_are_kept(line: tuple[socket.socket, socket.socket]):
    said = answer(line, b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n" + b"w" * 999)

    assert (said.words, said.goes_on) == ("w" * 200, True)
