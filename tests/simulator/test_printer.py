"""The engine: states, times, and what the documents captured."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
import re
import sys

import pytest

from simulator import Phase, Printer, Unknowns, wire
from simulator.commands import COMMANDS
from simulator.errors import RefusedError
from simulator.faults import dump
from simulator.physics import wire_number
from tests.api.test_boundary import roots
from tests.common import ROOT

from .conftest import NOW, Clock, Driven, fixture, fixture_bytes

CAPTURED_MACS = ("02005E844745", "02005FEB839B")


def body(data: wire.Data) -> bytes:
    return dump({"data": data, "status": 1})


def kinds(printer: Printer) -> list[str]:
    return [event.kind for event in printer.record]


def refusal(action: Callable[[], object]) -> str:
    with pytest.raises(RefusedError) as caught:
        action()
    return caught.value.msg


def finish(printer: Driven, duration: float = 100) -> str:
    job_id = printer.start(duration=duration)
    printer.tick(duration + 2)
    return job_id


def test_the_simulator_imports_neither_home_assistant_nor_the_client() -> None:
    allowed = {*sys.stdlib_module_names, "aiohttp", "PIL", ""}
    files = list((ROOT / "simulator").rglob("*.py"))
    assert len(files) > 10
    assert roots(files) <= allowed


def test_a_printer_that_never_printed_reports_running(printer: Printer) -> None:
    assert printer.running_status == "idle"
    assert (
        wire.current_job(printer) == fixture("currentjob_idle_empty_captured")["data"]
    )


def test_an_idle_printer_still_names_yesterdays_file(clock: Clock) -> None:
    # 2022-10-23 02:57:37.397 on the printer's clock: the job id of the captured body
    clock.now = 1666465057.397
    printer = Printer(clock=clock, macs=CAPTURED_MACS, job_counter=26)
    printer.start("Local/medaille_2_extruder_2.gcode", filament=(0, 6.4))
    clock.tick(3600 + 2)
    printer.dismiss()
    clock.tick(18 * 3600)

    name = "currentjob_idle_stale_captured"
    assert body(wire.current_job(printer)) == fixture_bytes(name)
    assert body(wire.basic(printer)) == fixture_bytes("basic_idle_fan30_captured")
    assert body(wire.nozzle(printer, 1)) == fixture_bytes("nozzle1_idle_captured")
    assert body(wire.nozzle(printer, 2)) == fixture_bytes("nozzle2_idle_captured")


def test_a_pro2_that_is_warmer_says_what_was_captured(clock: Clock) -> None:
    printer = Printer(clock=clock, ambient=26, camera=False)
    assert wire.basic(printer) == fixture("basic_idle_pro2_captured")["data"]
    assert wire.camera(printer) == fixture("camera_not_connected_captured")["data"]


def test_a_print_passes_through_the_captured_bodies(clock: Clock) -> None:
    # 2022-10-23 21:40:26.314 on the printer's clock
    clock.now = 1666532426.314
    printer = Printer(clock=clock, macs=CAPTURED_MACS, job_counter=15)
    printer.start(
        "Local/medaille_1.gcode",
        duration=3689,
        layers=43,
        nozzle_temp=275,
        bed_temp=100,
    )
    clock.tick(2 + 300)
    COMMANDS["printer/nozzle1/flowrate/set"](printer, {"flowrate": 98})
    seen = set()
    for _ in range(200):
        clock.tick(1)
        seen |= {body(wire.basic(printer))}
        seen |= {body(wire.nozzle(printer, side)) for side in (1, 2)}
    names = ("basic_printing", "nozzle1_printing", "nozzle2_printing")
    for name in names:
        assert fixture_bytes(f"{name}_captured") in seen


def test_progress_follows_the_captured_course(clock: Clock) -> None:
    clock.now = 1666532426.314
    printer = Printer(clock=clock, macs=CAPTURED_MACS, job_counter=15)
    printer.start("Local/medaille_1.gcode", duration=3689, layers=43)
    clock.tick(2 + 444)
    data, captured = wire.current_job(printer), fixture("currentjob_running_captured")
    # layer and progress vary with the part; all the rest is the captured body
    exact = {"file_name", "job_id", "job_status", "printed_time", "total_layer"}
    for key in exact | {"total_time"}:
        assert data[key] == captured["data"][key]
    assert data["printed_layer"] in {5, 6, 7}
    assert isinstance(progress := data["print_progress"], float)
    assert 0.7 < progress < 1.6


@pytest.mark.parametrize(
    ("model", "name"),
    [("pro2", "pro2"), ("pro3", "pro3"), ("e2", "e2"), ("n2", "n2_single")],
)
def test_each_model_says_who_it_is(printer: Printer, name: str) -> None:
    expected = fixture(f"system_{name}")["data"]
    ours = wire.system(printer)
    assert ours | {"date_time": ""} == expected | {"date_time": ""}


def test_date_and_job_id_come_from_the_printers_own_clock(printer: Driven) -> None:
    assert wire.system(printer)["date_time"] == "2024-06-08 15:18:04"
    printer.set_clock_offset(-3600)
    assert wire.system(printer)["date_time"] == "2024-06-08 14:18:04"
    pattern = r"02[0-9A-F]{10}_02[0-9A-F]{10}_7e806080e1204000[0-9a-f]{2}"
    assert re.fullmatch(pattern, printer.start())


def test_whole_numbers_have_no_fraction_and_others_are_float32() -> None:
    assert dump({"a": wire_number(98.0)}) == b'{"a":98}'
    assert wire_number(1.1019070148468018) == 1.1019070148468018
    assert wire_number(0.1) == 0.10000000149011612


def test_a_start_is_busy_then_heats_then_prints(printer: Driven) -> None:
    printer.start(duration=3600)
    assert printer.running_status == "busy"
    printer.tick(2)
    assert printer.running_status == "running"
    data = wire.current_job(printer)
    assert (data["print_progress"], data["total_time"]) == (0, 3600000)

    readings = []
    for _ in range(18):
        printer.tick(10)
        readings.append(printer.machine.nozzles[0].reading(printer.clock.now))
    assert readings[0] > 60
    assert readings[:8] == sorted(readings[:8])
    assert abs(readings[-1] - 210) <= 2
    assert wire.current_job(printer)["total_time"] == 3600
    assert wire.current_job(printer)["print_progress"] == 0
    printer.tick(60)
    assert printer.job.progress_at(printer.clock.now) > 0


def test_nothing_goes_back_and_layers_differ_in_length(printer: Driven) -> None:
    printer.start(duration=3600, layers=40)
    printer.tick(2)
    steps = []
    for _ in range(3600):
        now, job = printer.clock.now, printer.job
        steps.append((job.progress_at(now), job.layer_at(now)))
        printer.tick(1)
    assert steps == sorted(steps)
    assert 0 < steps[-1][0] < 100
    lengths = Counter(layer for _, layer in steps)
    assert len(set(lengths.values())) > 20


def test_polling_changes_nothing(clock: Clock) -> None:
    other = Clock()
    busy, lazy = (Printer(clock=each, seed=7) for each in (clock, other))
    for each in (busy, lazy):
        each.start(duration=1000)
    for _ in range(1500):
        clock.tick(1)
        wire.current_job(busy)
    other.tick(1500)
    assert lazy.record == busy.record
    assert wire.current_job(lazy) == wire.current_job(busy)
    assert wire.basic(lazy) == wire.basic(busy)


def test_another_seed_is_another_printer(clock: Clock) -> None:
    first, second = (Printer(clock=clock, seed=seed, history=5) for seed in (1, 2))
    assert first.history != second.history
    assert first.start() != second.start()


def test_completion_comes_exactly_after_the_printing_time(printer: Driven) -> None:
    job_id = printer.start(duration=1000, estimate=800, layers=7)
    printer.tick(2 + 999)
    assert printer.running_status == "running"
    data = wire.current_job(printer)
    assert (data["printed_time"], data["total_time"]) == (999, 800)
    printer.tick(1)
    assert printer.running_status == "completed"
    assert wire.current_job(printer) == {
        "file_name": "Local/medaille_1.gcode",
        "job_id": job_id,
        "job_status": "completed",
        "print_progress": 100,
        "printed_layer": 7,
        "printed_time": 1000,
        "total_layer": 7,
        "total_time": 800,
    }
    assert [(e.kind, e.time - NOW, e.job_id) for e in printer.record] == [
        ("started", 2, job_id),
        ("completed", 1002, job_id),
    ]


def test_completed_stays_for_days_until_dismissed(printer: Driven) -> None:
    finish(printer)
    printer.tick(3 * 86400)
    assert printer.running_status == "completed"
    assert refusal(printer.start) == "printer show completed interface"
    printer.dismiss()
    assert printer.running_status == "idle"
    assert wire.current_job(printer)["print_progress"] == 0


def test_a_pause_is_busy_first_and_stops_the_printing_time(printer: Driven) -> None:
    printer.start(duration=1000)
    printer.tick(2 + 500)
    printer.pause()
    assert printer.running_status == "busy"
    printer.tick(3)
    assert printer.running_status == "paused"
    assert wire.current_job(printer)["job_status"] == "paused"
    printer.tick(7200)
    assert wire.current_job(printer)["printed_time"] == 500
    assert printer.machine.nozzles[0].target == 210
    printer.resume()
    printer.tick(2)
    assert printer.running_status == "running"
    printer.tick(499)
    assert printer.running_status == "running"
    printer.tick(1)
    assert printer.running_status == "completed"
    assert kinds(printer) == ["started", "paused", "resumed", "completed"]


def test_the_printing_time_may_count_pauses(clock: Clock) -> None:
    printer = Printer(clock=clock, unknowns=Unknowns(time_runs_in_pause=True))
    printer.start(duration=1000)
    clock.tick(2 + 500)
    printer.pause()
    clock.tick(100)
    assert wire.current_job(printer)["printed_time"] == 600
    printer.resume()
    clock.tick(2 + 10)
    assert wire.current_job(printer)["printed_time"] == 612
    clock.tick(490)
    assert printer.running_status == "completed"
    clock.tick(500)
    assert wire.current_job(printer)["printed_time"] == 1102


def test_a_stop_shows_for_a_moment_and_is_not_in_the_history(printer: Driven) -> None:
    before = wire.statistics(printer)
    printer.start(duration=1000)
    printer.tick(2 + 500)
    printer.stop()
    assert printer.running_status == "busy"
    printer.tick(5)
    assert printer.running_status == "idle"
    data = wire.current_job(printer)
    assert (data["job_status"], data["printed_time"]) == ("stopped", 500)
    printer.tick(10)
    data = wire.current_job(printer)
    assert (data["job_status"], data["printed_time"]) == ("running", 0)
    assert kinds(printer) == ["started", "stopped"]
    assert wire.statistics(printer) == before
    printer.tick(3600)
    assert wire.basic(printer)["heatbed_tar_temp"] == 0


def test_a_start_right_after_a_stop_is_not_forgotten(printer: Driven) -> None:
    printer.start(duration=1000)
    printer.tick(100)
    printer.stop()
    printer.tick(6)
    second = printer.start(duration=1000)
    printer.tick(60)
    data = wire.current_job(printer)
    assert data["job_id"] == second
    assert data["printed_time"] == 58


def test_a_paused_print_can_be_stopped(printer: Driven) -> None:
    printer.start()
    printer.tick(100)
    printer.pause()
    printer.tick(10)
    printer.stop()
    printer.tick(10)
    assert kinds(printer) == ["started", "paused", "stopped"]


def test_the_panel_refuses_what_the_state_forbids(printer: Driven) -> None:
    assert refusal(printer.pause) == "printer is stoped"
    assert refusal(printer.resume) == "printer is stoped"
    assert refusal(printer.stop) == "printer is stoped"
    assert refusal(printer.dismiss) == "printer is stoped"
    printer.start()
    assert refusal(printer.pause) == "printer is busy"
    printer.tick(10)
    assert refusal(printer.resume) == "printer is printing"
    printer.pause()
    printer.tick(10)
    assert refusal(printer.pause) == "printer is paused"
    assert refusal(printer.start) == "printer is paused"
    printer.power_off()
    assert refusal(printer.start) == "no server"


def test_someone_at_the_panel_makes_it_busy_in_a_print(printer: Driven) -> None:
    printer.start(duration=1000)
    printer.tick(100)
    printer.touch(60)
    assert printer.running_status == "busy"
    assert printer.phase is Phase.RUNNING
    printer.tick(60)
    assert printer.running_status == "running"
    assert wire.current_job(printer)["printed_time"] == 158
    printer.show("calibrate")
    assert printer.running_status == "busy"
    printer.show("")
    assert printer.running_status == "running"


def test_an_error_ends_the_print_and_wins_over_the_panel(printer: Driven) -> None:
    printer.start(duration=1000)
    printer.tick(100)
    printer.touch(60)
    printer.fail()
    printer.fail()
    assert printer.running_status == "error"
    printer.tick(2000)
    assert kinds(printer) == ["started", "failed"]
    assert refusal(printer.start) == "unknown error"
    printer.clear_error()
    printer.clear_error()
    assert printer.running_status == "idle"
    assert wire.current_job(printer)["printed_time"] == 0


def test_an_idle_printer_can_fail_without_a_failed_print(printer: Printer) -> None:
    printer.fail("safe mode")
    assert printer.running_status == "error"
    assert not printer.record


def test_a_power_cut_loses_the_job_and_recover_goes_on_with_it(printer: Driven) -> None:
    job_id = printer.start(duration=1000)
    printer.tick(2 + 400)
    password, token = printer.camera_password, printer.tokens.issue(printer.clock.now)
    printer.power_off()
    printer.power_off()
    printer.tick(3600)
    printer.power_on()
    printer.power_on()
    assert printer.running_status == "idle"
    assert wire.current_job(printer)["job_id"] == ""
    assert printer.camera_password != password
    assert not printer.tokens.valid(token, printer.clock.now)

    printer.recover()
    printer.tick(4)
    assert printer.running_status == "running"
    assert wire.current_job(printer)["job_id"] == job_id
    assert wire.current_job(printer)["printed_time"] == 400
    printer.tick(600)
    assert printer.running_status == "completed"
    assert kinds(printer) == ["started", "stopped", "resumed", "completed"]
    assert {event.job_id for event in printer.record} == {job_id}


def test_a_power_cut_when_idle_leaves_nothing_to_recover(printer: Printer) -> None:
    printer.power_off()
    printer.power_on()
    assert refusal(printer.recover) == "no last job found"
    assert not printer.record


def test_a_new_print_gives_up_the_interrupted_one(printer: Driven) -> None:
    printer.start()
    printer.tick(100)
    printer.power_off()
    printer.power_on()
    finish(printer)
    printer.dismiss()
    assert refusal(printer.recover) == "no last job found"


def test_only_completed_jobs_reach_the_history(printer: Driven) -> None:
    before = wire.statistics(printer)
    job_id = finish(printer, 1000)
    after = wire.statistics(printer)
    assert after["printed_file_num"] == before["printed_file_num"] + 1 == 4  # type: ignore[operator]
    assert after["printed_total_time"] == before["printed_total_time"] + 1000  # type: ignore[operator]
    assert printer.history[-1].job_id == job_id
    listed = wire.job_list(printer, 2, 12)["job_list"]
    assert isinstance(listed, list)
    assert [entry["job_index"] for entry in listed] == [2, 3]
    assert [entry["job_id"] for entry in listed] == [
        entry.job_id for entry in printer.history[2:]
    ]


def test_a_new_printer_has_no_statistics(clock: Clock) -> None:
    assert wire.statistics(Printer(clock=clock)) == fixture("statistics_fresh")["data"]


@pytest.mark.parametrize("model", ["n2"])
def test_one_nozzle_has_no_keys_for_a_second(printer: Driven) -> None:
    with pytest.raises(RefusedError, match="404 no right nozzle"):
        wire.nozzle(printer, 2)
    finish(printer)
    statistics, job = wire.statistics(printer), wire.job(printer, printer.history[-1])
    assert statistics.keys() == fixture("statistics_single")["data"].keys()
    assert job.keys() == fixture("job_single")["data"].keys()
    assert statistics["printed_used_filament"] == statistics["printed_used_filament_0"]


def test_only_the_nozzles_in_use_are_heated(printer: Driven) -> None:
    printer.start(filament=(0, 6.4))
    printer.tick(200)
    assert [heater.target for heater in printer.machine.nozzles] == [0, 210]


@pytest.mark.parametrize("model", ["n2"])
def test_a_single_nozzle_prints_whatever_the_file_says(printer: Driven) -> None:
    printer.start(filament=(0, 6.4))
    printer.tick(200)
    assert [heater.target for heater in printer.machine.nozzles] == [210]


def test_a_setter_shows_after_a_moment(printer: Driven) -> None:
    COMMANDS["printer/fanspeed/set"](printer, {"fanspeed": 80})
    COMMANDS["printer/heatbedtemp/set"](printer, {"temperature": 60})
    data = wire.basic(printer)
    assert (data["fan_tar_speed"], data["heatbed_tar_temp"]) == (0, 0)
    printer.tick(1)
    data = wire.basic(printer)
    assert (data["fan_tar_speed"], data["heatbed_tar_temp"]) == (80, 60)
    assert data["fan_cur_speed"] == 0
    printer.tick(1)
    assert wire.basic(printer)["fan_cur_speed"] == 80


def test_a_clock_that_is_set_back_undoes_nothing(printer: Driven) -> None:
    printer.start(duration=1000)
    printer.tick(500)
    before = wire.current_job(printer)
    printer.tick(-400)
    assert wire.current_job(printer) == before


def test_a_print_without_layers_is_tolerated(printer: Driven) -> None:
    printer.start(duration=100, layers=0)
    printer.tick(52)
    data = wire.current_job(printer)
    assert (data["print_progress"], data["total_layer"]) == (0, 0)
    printer.tick(50)
    assert wire.current_job(printer)["print_progress"] == 100


def test_the_last_moment_is_inside_the_last_layer(printer: Driven) -> None:
    printer.start(duration=100, layers=1)
    printer.tick(2 + 99.9999)
    assert 99 < printer.job.progress_at(printer.clock.now) < 100
    assert printer.job.layer_at(printer.clock.now) == 0


def test_a_new_login_may_end_the_older_ones(clock: Clock) -> None:
    printer = Printer(clock=clock, unknowns=replace(Unknowns(), single_token=True))
    first, second = printer.tokens.issue(NOW), printer.tokens.issue(NOW)
    assert not printer.tokens.valid(first, NOW)
    assert printer.tokens.valid(second, NOW)
