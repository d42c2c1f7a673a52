"""The tables are not emptied under a request of the live server."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.core.signals import request_finished, request_started

from tests import in_hand


def in_a_thread(act: Callable[[], None]) -> threading.Thread:
    thread = threading.Thread(target=act)
    thread.start()
    return thread


def test_a_request_in_hand_is_waited_for():
    has_begun, may_end = threading.Event(), threading.Event()

    def request() -> None:
        request_started.send(sender=None, environ={})
        has_begun.set()
        may_end.wait(10)
        request_finished.send(sender=None)

    thread = in_a_thread(request)
    has_begun.wait(10)
    with pytest.raises(AssertionError, match="does not end"):
        in_hand.wait_for_the_last(seconds=0)

    may_end.set()
    in_hand.wait_for_the_last()
    thread.join()


def test_one_whose_thread_has_ended_is_not():
    in_a_thread(lambda: request_started.send(sender=None, environ={})).join()

    in_hand.wait_for_the_last(seconds=0)
