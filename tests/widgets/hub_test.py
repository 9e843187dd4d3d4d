"""The hub's side of the connection: what comes in is untrusted, and may come twice."""

from __future__ import annotations

import pandas as pd
import pytest

import datalens as dl
from datalens.widgets.hub import IDS_KEPT, Hub


@pytest.fixture
def hub(monkeypatch):
    hub = Hub(dl.Lens(pd.DataFrame({"a": [1.5, 2.5, 3.5]}))._study)
    hub.said = []
    monkeypatch.setattr(hub, "send", lambda content, _buffers: hub.said.append(content))
    return hub


def ask(hub, number, verb, **args):
    hub._on_message(hub, {"v": 1, "id": number, "verb": verb, "args": args}, [])
    return [message for message in hub.said if message.get("id") == number]


def a_reply_has_the_id_of_its_request_test(hub):
    assert [reply["ok"] for reply in ask(hub, "k3f9:1", "hello")] == [True]


def a_gesture_sent_again_counts_once_test(hub):
    low = {"op": "between", "column": "a", "low": 0, "high": 2}
    high = {"op": "between", "column": "a", "low": 0, "high": 3}
    ask(hub, "p:1", "clause", source="column:a", predicate=low)
    ask(hub, "p:2", "clause", source="column:a", predicate=high)
    ask(hub, "p:3", "undo")
    assert [reply["ok"] for reply in ask(hub, "p:3", "undo")] == [True, True]
    assert hub._study.count() == 1


@pytest.mark.parametrize("number", [None, [], {}, 1.5, "x" * 100])
def an_id_that_is_none_is_not_answered_test(hub, number):
    hub._on_message(hub, {"v": 1, "id": number, "verb": "hello", "args": {}}, [])
    hub._on_message(hub, {"v": 1, "cancel": number}, [])
    assert hub.said == []


def what_was_cancelled_is_not_answered_and_not_kept_for_ever_test(hub):
    hub._on_message(hub, {"v": 1, "cancel": "p:1"}, [])
    assert ask(hub, "p:1", "hello") == []
    for number in range(2 * IDS_KEPT):
        hub._on_message(hub, {"v": 1, "cancel": f"q:{number}"}, [])
    assert len(hub._cancelled) == IDS_KEPT
