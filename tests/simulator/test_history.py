"""The history: every way in which a printer could keep it."""

from typing import Literal

import pytest

from simulator import Printer, Unknowns, queries, wire
from simulator.errors import RefusedError

from .conftest import Clock


def page(printer: Printer, start: int, number: int = 12) -> list[dict[str, object]]:
    """Read a part of the history as a client does."""
    query = {"start_pos": str(start), "max_num": str(number)}
    rows = queries.job_list(printer, query)["job_list"]
    assert isinstance(rows, list)
    return rows


def ids(printer: Printer, start: int) -> list[object]:
    return [row["job_id"] for row in page(printer, start)]


def code(printer: Printer, start: int) -> int:
    with pytest.raises(RefusedError) as caught:
        page(printer, start)
    return caught.value.code


def make(clock: Clock, unknowns: Unknowns) -> Printer:
    return Printer(clock=clock, history=5, unknowns=unknowns)


def finish(printer: Printer, clock: Clock) -> str:
    job_id = printer.start(duration=100)
    clock.tick(102)
    printer.dismiss()
    return job_id


def stop(printer: Printer, clock: Clock) -> str:
    job_id = printer.start(duration=100)
    clock.tick(50)
    printer.stop()
    clock.tick(60)
    return job_id


@pytest.mark.parametrize("base", [0, 1])
def test_the_history_may_begin_with_the_newest(clock: Clock, base: int) -> None:
    printer = make(clock, Unknowns(history_newest_first=True, history_base=base))
    newest = [entry.job_id for entry in reversed(printer.history)]
    assert ids(printer, base) == newest
    assert page(printer, base + 2, 1)[0]["job_index"] == base + 2
    query = {"pos": str(base), "job_id": newest[0]}
    assert (
        queries.job(printer, query)["file_name"] == page(printer, base)[0]["file_name"]
    )


def test_the_history_may_have_no_index(clock: Clock) -> None:
    printer = make(clock, Unknowns(history_index=False))
    assert page(printer, 0)[0].keys() == {"job_id", "file_name", "user_tag"}


def test_old_jobs_may_drop_out_and_the_others_move(clock: Clock) -> None:
    printer = make(clock, Unknowns(history_cap=5))
    kept = ids(printer, 1)
    newest = finish(printer, clock)
    assert ids(printer, 0) == [*kept, newest]
    assert wire.statistics(printer)["printed_file_num"] == 6


def test_old_jobs_may_drop_out_and_the_others_keep_their_places(clock: Clock) -> None:
    printer = make(clock, Unknowns(history_cap=5, history_keeps_places=True))
    kept = ids(printer, 1)
    newest = finish(printer, clock)
    assert code(printer, 0) == 10002
    assert ids(printer, 1) == [*kept, newest]


def test_a_place_without_a_job_may_be_an_empty_list(clock: Clock) -> None:
    assert code(make(clock, Unknowns()), 5) == 10002
    assert page(make(clock, Unknowns(history_end_refused=False)), 5) == []


def test_stopped_and_failed_jobs_may_be_listed_and_do_not_count(clock: Clock) -> None:
    printer = make(clock, Unknowns(history_of_all=True))
    stopped = stop(printer, clock)
    failed = printer.start(duration=100)
    clock.tick(50)
    printer.fail()
    assert ids(printer, 5) == [stopped, failed]
    assert wire.statistics(printer)["printed_file_num"] == 5


def test_a_job_may_be_listed_a_while_after_its_end(clock: Clock) -> None:
    printer = make(clock, Unknowns(history_delay=20))
    job_id = printer.start(duration=100)
    clock.tick(102 + 19)
    assert code(printer, 5) == 10002
    clock.tick(1)
    assert ids(printer, 5) == [job_id]


@pytest.mark.parametrize(
    ("unknowns", "count"),
    [
        (Unknowns(counter=0), 0),
        (Unknowns(counter=3), 3),
        (Unknowns(counter_offset=4), 9),
    ],
)
def test_the_counter_may_be_wrong(clock: Clock, unknowns: Unknowns, count: int) -> None:
    printer = make(clock, unknowns)
    assert wire.statistics(printer)["printed_file_num"] == count
    assert len(page(printer, 0)) == 5


def test_a_history_that_is_cleared_leaves_the_totals(clock: Clock) -> None:
    printer = make(clock, Unknowns())
    before = wire.statistics(printer)
    printer.clear_history()
    assert code(printer, 0) == 10002
    assert wire.statistics(printer) == before
    job_id = finish(printer, clock)
    assert ids(printer, 0) == [job_id]
    assert wire.statistics(printer)["printed_file_num"] == 6
    printer.clear_history(totals=True)
    assert wire.statistics(printer)["printed_file_num"] == 0


def test_the_history_may_be_empty_or_busy_after_each_boot(clock: Clock) -> None:
    empty = make(clock, Unknowns(history_empty_for=60))
    busy = make(clock, Unknowns(history_busy_for=60))
    for _ in range(2):
        clock.tick(59)
        assert code(empty, 0) == 10002
        assert code(busy, 0) == 10003
        clock.tick(1)
        assert len(page(empty, 0)) == len(page(busy, 0)) == 5
        for printer in (empty, busy):
            printer.power_off()
            printer.power_on()


@pytest.mark.parametrize(
    ("key", "unknowns"),
    [("job_id", Unknowns(job_ids=False)), ("file_name", Unknowns(names=False))],
)
def test_jobs_may_lack_ids_and_names(
    clock: Clock, key: str, unknowns: Unknowns
) -> None:
    printer = make(clock, unknowns)
    printer.start()
    assert wire.current_job(printer)[key] == ""
    assert page(printer, 0)[0][key] == ""


@pytest.mark.parametrize("last", ["completed", "stopped", "failed"])
def test_an_idle_printer_may_name_a_job_of_before(
    clock: Clock, last: Literal["completed", "stopped", "failed"]
) -> None:
    printer = Printer(clock=clock, history=3, last_job=last)
    never = Printer(clock=clock)
    named = wire.current_job(printer)
    assert named["job_id"]
    empty = {"job_id": "", "file_name": ""}
    assert named | empty == wire.current_job(never)
    assert printer.running_status == "idle"
    listed = [entry.job_id for entry in printer.history]
    assert (named["job_id"] in listed) is (last == "completed")
    assert len(listed) == 3 + (last == "completed")
    assert printer.record == []


def test_the_plate_may_be_full_from_before(clock: Clock) -> None:
    printer = Printer(clock=clock, last_job="completed", plate_full=True)
    named = wire.current_job(printer)
    assert (named["job_status"], named["print_progress"]) == ("completed", 100)
    assert printer.running_status == "completed"
    printer.dismiss()
    assert printer.running_status == "idle"
    assert wire.current_job(printer)["job_id"] == printer.history[-1].job_id
