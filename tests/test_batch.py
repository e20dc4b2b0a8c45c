"""A batch is done with plain functions here; what a job is does not matter to it."""

import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

from grader.batch import Batch, processes


def double(job):
    return 2 * job


def lost(job):
    return -job


def nothing_to_start(stack):
    pass


def die_of_seven(job):
    if job == 7:
        os.kill(os.getpid(), signal.SIGKILL)
    return 2 * job


def die_once(path):
    if not path.exists():
        path.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return "done"


def threads():
    return ThreadPoolExecutor(2)


@pytest.mark.parametrize(
    "pool", [threads, processes(2, nothing_to_start)], ids=["threads", "forks"]
)
def test_every_job_is_done_once_over_any_executor(pool):
    batch = Batch(pool, double, lost, ahead=4)
    assert sorted(batch.run(range(50))) == [2 * job for job in range(50)]


def test_a_job_that_kills_its_process_is_given_up_and_no_other_is(capfd):
    batch = Batch(processes(2, nothing_to_start), die_of_seven, lost, ahead=8)
    expected = [2 * job for job in range(20) if job != 7]
    assert sorted(batch.run(range(20))) == [-7, *expected]


def test_a_process_that_is_lost_once_costs_nothing(tmp_path):
    batch = Batch(processes(2, nothing_to_start), die_once, lost, ahead=4)
    assert list(batch.run([tmp_path / "died"])) == ["done"]


def test_jobs_are_taken_as_they_are_needed():
    taken = []

    def jobs():
        for job in range(1000):
            taken.append(job)
            yield job

    with closing(Batch(threads, double, lost, ahead=4).run(jobs())) as results:
        next(results)
        assert len(taken) <= 8


def test_an_error_of_ours_ends_the_batch_and_its_processes():
    batch = Batch(processes(2, nothing_to_start), time.sleep, lost, ahead=2)
    with closing(batch.run([0.0, 60.0])) as results:
        next(results)
        started = time.monotonic()
    assert time.monotonic() - started < 30


def test_a_process_starts_with_what_it_needs_and_puts_it_away(tmp_path):
    def start(stack):
        (tmp_path / f"open-{os.getpid()}").touch()
        stack.callback((tmp_path / f"closed-{os.getpid()}").touch)

    assert list(Batch(processes(1, start), double, lost, ahead=1).run([1])) == [2]
    opened, closed = sorted(p.name.split("-")[1] for p in tmp_path.iterdir())
    assert opened == closed
