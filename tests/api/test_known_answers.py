"""Tests of the decoding: known answers are read exactly."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
import json
from typing import Any

from custom_components.raise3d.api import (
    BasicInfo,
    CameraInfo,
    JobReport,
    JobState,
    NozzleInfo,
    RunningState,
    RunningStatus,
    Statistics,
    SystemInfo,
)
from tests.common import FIXTURES

from .conftest import data_of

type Decode = Callable[[Mapping[str, object]], Any]

# What a fixture's name begins with, and what decodes it.
DECODERS: dict[str, Decode] = {
    "system": SystemInfo.from_dict,
    "camera": CameraInfo.from_dict,
    "runningstatus": RunningStatus.from_dict,
    "basic": BasicInfo.from_dict,
    "nozzle1": NozzleInfo.from_dict,
    "nozzle2": NozzleInfo.from_dict,
    "currentjob": JobReport.from_dict,
    "statistics": Statistics.from_dict,
}


def heat(bed: float, target: float, fan: float = 0, feed: float = 100) -> BasicInfo:
    """Return a bed, a fan and a speed that have reached their targets."""
    return BasicInfo(
        temperature=bed,
        target_temperature=target,
        fan_speed=fan,
        fan_speed_target=fan,
        feed_rate=feed,
        feed_rate_target=feed,
    )


def nozzle(temperature: float, target: float, flow: float = 100) -> NozzleInfo:
    """Return a nozzle whose flow has reached its target."""
    return NozzleInfo(
        temperature=temperature,
        target_temperature=target,
        flow_rate=flow,
        flow_rate_target=flow,
    )


def camera(port: int = 30216, password: str | None = None) -> CameraInfo:
    """Return a camera, which is connected where it has a password."""
    user = "raise3d_camera" if password else None
    return CameraInfo(
        connected=bool(password), port=port, user_name=user, password=password
    )


def totals(
    prints: int, seconds: int, grams: float, right: float | None = 0
) -> Statistics:
    """Return the totals of a printer that has used its left nozzle."""
    return Statistics(
        prints_completed=prints,
        print_time=seconds,
        filament_used=grams,
        filament_used_left=grams,
        filament_used_right=right,
    )


def job(
    job_id: str | None,
    file: str | None,
    state: JobState = JobState.RUNNING,
    progress: float = 0,
    layers: tuple[int, int | None] = (0, None),
    seconds: tuple[int, int | None] = (0, None),
) -> JobReport:
    """Return a job with its printed and total layers, elapsed and total seconds."""
    return JobReport(
        job_id=job_id,
        file_name=file,
        state=state,
        progress=progress,
        printed_layers=layers[0],
        total_layers=layers[1],
        elapsed=seconds[0],
        total=seconds[1],
    )


def bracket(state: JobState, progress: float, layers: int, elapsed: int) -> JobReport:
    """Return the job of most derived fixtures."""
    return job(
        "0200000A0001_0200000A0002_7e80608090c1e0fa2a",
        "Local/webapi_store/bracket v3 ä.gcode",
        state,
        progress,
        (layers, 250),
        (elapsed, 21480),
    )


PRO2 = SystemInfo(
    machine_id="1234567890123456789",
    serial_number="1234567890",
    machine_name="Raise3D",
    model="Raise3D Pro2",
    version="1.7.7.1026",
    firmware_version="1.7.0.1008",
    api_version="0.1.0.926",
    nozzle_count=2,
    storage_available=3694700,
)
N2PLUS = SystemInfo(
    # beyond 64 signed bits: never a number
    machine_id="16363785338095344960",
    serial_number="12345678942",
    machine_name="raise3d",
    model="Raise3D N2Plus",
    version="0.9.3.1165",
    firmware_version="1.1.6-rev1",
    api_version="0.1.0.307",
    nozzle_count=2,
    storage_available=4914340,
)
# The whole answer, or some fields of it.
EXPECTED: dict[str, object] = {
    "system_pro2.json": PRO2,
    "system_pro2_captured.json": PRO2,
    "system_update_available.json": PRO2,
    "system_n2plus.json": N2PLUS,
    "system_pro3.json": {"machine_name": "Pro3-lab", "storage_available": 9371648},
    "system_pro3plus.json": {"machine_id": "13572468013572468014"},
    "system_e2.json": {"machine_name": "E2-ü中文 1", "nozzle_count": 2},
    "system_n2_single.json": {"model": "Raise3D N2", "nozzle_count": 1},
    "camera_connected.json": camera(30216, "368d8d"),
    "camera_connected_other_port.json": camera(30217, "a1b2c3"),
    "camera_not_connected_captured.json": camera(),
    "camera_not_connected_documented.json": camera(),
    **{
        f"runningstatus_{state}.json": RunningStatus(state=state)
        for state in RunningState
    },
    "basic_documented.json": heat(25, 0),
    "basic_fractional.json": heat(59.8, 60, 100, 87.5),
    "basic_idle_fan30_captured.json": heat(24, 0, 30),
    "basic_idle_pro2_captured.json": heat(26, 0),
    "basic_printing_captured.json": heat(99, 100, 50),
    "nozzle1_documented.json": nozzle(26, 10),
    "nozzle1_idle_captured.json": nozzle(25, 0),
    "nozzle1_printing_captured.json": nozzle(276, 275, 98),
    "nozzle2_documented.json": nozzle(26, 10),
    "nozzle2_idle_captured.json": nozzle(24, 0),
    "nozzle2_printing_captured.json": nozzle(276, 275),
    "currentjob_running_documented.json": job(
        "02005E1EB1D4_02005FBF5B17_7e10712090a1b3600f",
        "Local/a.gcode",
        layers=(1, 470),
        seconds=(197, 11333),
    ),
    "currentjob_running_captured.json": job(
        "02005E844745_02005FEB839B_7e60a1715281a13a10",
        "Local/medaille_1.gcode",
        progress=1.1,
        layers=(6, 43),
        seconds=(444, 3689),
    ),
    "currentjob_idle_empty_captured.json": job(None, None),
    "currentjob_idle_stale_captured.json": job(
        "02005E844745_02005FEB839B_7e60a1702392518d1b",
        "Local/medaille_2_extruder_2.gcode",
    ),
    "currentjob_running.json": bracket(JobState.RUNNING, 42.5, 105, 9120),
    "currentjob_paused.json": bracket(JobState.PAUSED, 42.5, 105, 9120),
    "currentjob_stopped.json": bracket(JobState.STOPPED, 42.5, 105, 9120),
    "currentjob_completed.json": bracket(JobState.COMPLETED, 100, 250, 21890),
    "currentjob_overrun.json": bracket(JobState.RUNNING, 99.2, 249, 30000),
    # percent, and not a fraction of one
    "currentjob_running_low_progress.json": bracket(JobState.RUNNING, 0.5, 1, 300),
    "statistics_dual.json": totals(41, 492527, 1473.88),
    "statistics_single.json": totals(41, 492527, 1473.88, None),
    "statistics_fresh.json": totals(0, 0, 0),
}


def as_fields(expected: object) -> dict[str, object]:
    """Return the fields that are expected."""
    return expected if isinstance(expected, dict) else asdict(expected)  # type: ignore[call-overload]


def decoder(name: str) -> Decode | None:
    """Return what decodes a fixture file, None for an error or another endpoint."""
    content = json.loads((FIXTURES / name).read_text(encoding="utf-8"))
    if not isinstance(content, dict) or "data" not in content:
        return None
    return DECODERS.get(name.partition("_")[0])


def test_a_known_answer_is_read_exactly() -> None:
    for name, expected in EXPECTED.items():
        decode = decoder(name)
        assert decode, (name, expected)
        found = asdict(decode(data_of(name)))
        assert found | as_fields(expected) == found, (name, expected)


def test_no_fixture_is_forgotten() -> None:
    names = {path.name for path in FIXTURES.glob("*.json") if decoder(path.name)}
    assert names == set(EXPECTED)
