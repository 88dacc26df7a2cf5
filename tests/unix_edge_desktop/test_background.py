"""What threads find comes into the window's thread, in order, and to nobody who is gone."""

import threading
from concurrent.futures import Future, ThreadPoolExecutor

import pytest
import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent, QObject

from unix_edge.errors import OutputError, StoppedError
from unix_edge_desktop.toolkit.background import Job, bring, in_window


@pytest.fixture
def receiver(qtbot):
    return QObject()


def raising(error):
    raise error


def test_what_a_future_comes_to_is_taken_in_the_window_s_thread(receiver, qtbot):
    taken = []

    def take(what):
        taken.append((what, threading.current_thread()))

    with ThreadPoolExecutor(1) as threads:
        bring(threads.submit(lambda: 7), receiver, take, pytest.fail)
        bring(threads.submit(raising, OutputError("x", "the folder is gone")), receiver, pytest.fail, take)
        bring(threads.submit(raising, KeyError("Doe^Jane")), receiver, pytest.fail, take)
        bring(threads.submit(lambda: 8), receiver)
    assert not taken
    qtbot.waitUntil(lambda: len(taken) == 3)
    assert {thread for _, thread in taken} == {threading.main_thread()}
    answer, failed, unforeseen = (what for what, _ in taken)
    assert answer == 7 and "the folder is gone" in failed and "KeyError" in unforeseen and "Doe" not in unforeseen


def test_nothing_is_taken_at_once_even_where_it_is_there(receiver, qtbot):
    done, taken = Future(), []
    done.set_result(1)
    bring(done, receiver, taken.append)
    assert not taken
    qtbot.waitUntil(lambda: taken == [1])


def test_a_receiver_that_is_gone_and_a_future_that_was_cancelled_take_nothing(receiver, qtbot):
    late, cancelled, taken = Future(), Future(), []
    bring(late, receiver, taken.append, taken.append)
    put = in_window(receiver, taken.append)
    bring(cancelled, receiver, taken.append, taken.append)
    cancelled.cancel()
    QCoreApplication.processEvents()
    put(1)  # is on its way while the receiver goes
    shiboken6.delete(receiver)
    late.set_result(2)
    put(3)
    QCoreApplication.processEvents()
    assert not taken


def test_calls_from_a_thread_come_in_their_order(receiver, qtbot):
    taken = []
    put = in_window(receiver, taken.append)
    thread = threading.Thread(target=lambda: [put(each) for each in range(500)])
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: len(taken) == 500)
    assert taken == list(range(500))


@pytest.mark.parametrize(
    ("work", "signal"),
    [
        (lambda progress, _: progress(1, 2), "done"),
        (lambda *_: raising(OutputError("x", "full")), "failed"),
        (lambda *_: raising(StoppedError()), "stopped"),
    ],
)
def test_a_job_says_how_it_ended_and_says_it_last(qtbot, work, signal):
    job, heard = Job(work), []
    for name in ("progressed", "done", "failed", "stopped"):
        getattr(job, name).connect(lambda *_, name=name: heard.append(name))
    job.start()
    qtbot.waitUntil(lambda: signal in heard)
    assert heard == [*(["progressed"] if signal == "done" else []), signal]


def test_a_job_that_is_deleted_is_not_heard_of(qtbot):
    go, heard = threading.Event(), []
    job = Job(lambda *_: go.wait())
    job.done.connect(heard.append)
    job.start()
    job.deleteLater()
    QCoreApplication.sendPostedEvents(job, QEvent.Type.DeferredDelete)
    go.set()
    thread = job._thread
    thread.join()
    QCoreApplication.processEvents()
    assert not heard and not shiboken6.isValid(job)
