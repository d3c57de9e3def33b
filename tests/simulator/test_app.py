"""The API: envelope, sign-in, refusals, history, and every fault."""

import base64
from dataclasses import replace
from io import BytesIO
import json
import re
from typing import Any

import aiohttp
from PIL import Image
import pytest

from simulator import Unknowns
from simulator.tokens import sign

from .conftest import NOW, Client, fixture, fixture_bytes

HTML_PAGE = fixture("http_200_html")
NOZZLE_TEMP = "printer/nozzle1/temp/set"
AXES = "printer/axiscontrol/set"
# A body that each setter takes.
GOOD: dict[str, dict[str, object]] = {
    "printer/nozzle1/temp/set": {"temperature": 200},
    "printer/nozzle2/temp/set": {"temperature": 200},
    "printer/nozzle1/flowrate/set": {"flowrate": 90},
    "printer/nozzle2/flowrate/set": {"flowrate": 90},
    "printer/heatbedtemp/set": {"temperature": 60},
    "printer/feedrate/set": {"feedrate": 120},
    "printer/fanspeed/set": {"fanspeed": 70},
    AXES: {"is_relative_pos": 1, "feed": 600, "x": 5},
}


def error(name: str) -> Any:
    return fixture(f"error_{name}")


def documented() -> set[tuple[int, str]]:
    return {
        (item["code"], item["msg"])
        for endpoint in fixture("errors_catalogue")
        for item in endpoint["errors"]
    }


async def test_the_documented_sign_opens_the_door(client: Client) -> None:
    assert sign("123456", "1503477369615") == "ed416d3d02cf58efe4f65d3bbc8a4dc6"
    query = {"sign": "ed416d3d02cf58efe4f65d3bbc8a4dc6", "timestamp": 1503477369615}
    answer = await client.get("login", **query)  # type: ignore[arg-type]
    assert answer.keys() == fixture("login_ok").keys()
    assert re.fullmatch("[0-9a-f]{32}", answer["data"]["token"])


async def test_a_wrong_sign_is_an_error_in_the_body(client: Client) -> None:
    answer = await client.get("login", sign="0" * 32, timestamp=1503477369615)
    assert answer == fixture("login_bad_password")


@pytest.mark.parametrize(
    "query", [{}, {"sign": "0"}, {"timestamp": "1"}, {"sign": "0", "timestamp": "1_0"}]
)
async def test_a_login_without_its_parameters_is_http_400(
    client: Client, query: dict[str, str]
) -> None:
    assert await client.status("GET", "login", params=query) == 400


async def test_a_wrong_token_is_an_error_in_the_body(client: Client) -> None:
    for token in ("", "0" * 32):
        client.token = token
        assert await client.get("printer/system") == fixture("error_401_token_error")


async def test_a_token_dies_after_a_day_by_the_printers_clock(client: Client) -> None:
    client.tick(86399)
    assert (await client.get("printer/runningstatus"))["status"] == 1
    client.printer.set_clock_offset(1)
    answer = await client.get("printer/runningstatus")
    assert answer == fixture("error_401_token_error")


async def test_several_clients_hold_a_token_each(client: Client) -> None:
    first = client.token
    await client.login()
    assert client.token != first
    client.token = first
    assert (await client.get("printer/runningstatus"))["status"] == 1


async def test_bodies_are_compact_and_sorted(client: Client) -> None:
    assert await client.raw("printer/nozzle1") == fixture_bytes("nozzle1_idle_captured")
    assert await client.raw("printer/nozzle2") == fixture_bytes("nozzle2_idle_captured")
    client.printer.unplug_camera()
    raw = await client.raw("printer/camera")
    assert raw == fixture_bytes("camera_not_connected_captured")
    raw = await client.raw("printer/system")
    assert json.loads(raw) == fixture("system_pro2")
    assert list(json.loads(raw)["data"]) == sorted(json.loads(raw)["data"])
    assert await client.get("printer/runningstatus") == fixture("runningstatus_idle")


async def test_text_goes_out_as_utf8(client: Client) -> None:
    client.printer.start("Local/测试 100%.gcode")
    assert "测试 100%".encode() in await client.raw("job/currentjob")


async def test_the_camera_is_named_by_port_and_path(client: Client) -> None:
    data = (await client.get("printer/camera"))["data"]
    expected = fixture("camera_connected")["data"]
    assert data.keys() == expected.keys()
    port = client.simulator.camera_port
    assert data["camerserver_URI"] == f":{port}/api/v1/camera/auth_stream"
    assert re.fullmatch("[0-9a-f]{6}", data["password"])


async def test_the_root_is_the_documentation_page(client: Client) -> None:
    async with client.session.get(client.url("../")) as response:
        assert await response.text() == HTML_PAGE["body"]
        assert response.headers["Content-Type"] == HTML_PAGE["headers"]["Content-Type"]


async def test_only_get_post_and_options_are_methods(client: Client) -> None:
    for method in ("HEAD", "PUT", "DELETE", "PATCH"):
        assert await client.status(method, "printer/system") == 405
    assert await client.status("POST", "printer/system", json={}) == 405
    assert await client.status("GET", NOZZLE_TEMP) == 405
    assert await client.status("OPTIONS", "printer/system") == 200


async def test_unknown_paths_are_http_404(client: Client) -> None:
    for path in ("printer/door", "", "../v2/printer/system", "../favicon.ico"):
        assert await client.status("GET", path) == 404
    assert await client.status("POST", "../", json={}) == 404


async def test_a_bad_body_is_a_bare_http_status(client: Client) -> None:
    async def post(**options: Any) -> int:
        return await client.status("POST", NOZZLE_TEMP, **options)

    json_type = {"Content-Type": "application/json"}
    assert await post(data={"temperature": "200"}) == 415
    assert await post(data=b'{"temperature":200}') == 400
    assert await post(data=b"{", headers=json_type) == 400
    assert await post(json=[200]) == 400
    assert await post(json={}) == 400
    for value in ("200", 200.5, 200.0, True, None):
        assert await post(json={"temperature": value}) == 400
    assert await post(data=BytesIO(b"0" * 1024 * 1024 + b"0"), headers=json_type) == 413


async def test_every_setter_answers_as_documented(client: Client) -> None:
    for path, body in GOOD.items():
        assert await client.post(path, body) == fixture("set_ok")
    client.tick(2)
    basic = (await client.get("printer/basic"))["data"]
    assert basic["fan_cur_speed"] == basic["fan_tar_speed"] == 70
    assert basic["feed_cur_rate"] == basic["feed_tar_rate"] == 120
    assert basic["heatbed_tar_temp"] == 60
    for path in ("printer/nozzle1", "printer/nozzle2"):
        nozzle = (await client.get(path))["data"]
        assert nozzle["nozzle_tar_temp"] == 200
        assert nozzle["flow_cur_rate"] == nozzle["flow_tar_rate"] == 90
    assert client.printer.machine.axes["x"] == 5


async def test_the_limits_are_the_documented_ones(client: Client) -> None:
    for path, key, low, high, name in [
        ("printer/nozzle1/temp/set", "temperature", 0, 310, "nozzle_temperature"),
        ("printer/nozzle2/temp/set", "temperature", 0, 310, "nozzle_temperature"),
        ("printer/nozzle1/flowrate/set", "flowrate", 1, 300, "flowrate"),
        ("printer/nozzle2/flowrate/set", "flowrate", 1, 300, "flowrate"),
        ("printer/heatbedtemp/set", "temperature", 0, 110, "bed_temperature"),
        ("printer/feedrate/set", "feedrate", 1, 350, "feedrate"),
        ("printer/fanspeed/set", "fanspeed", 0, 100, "fanspeed"),
    ]:
        for value in (low, high):
            assert await client.post(path, {key: value}) == {"status": 1}, path
        for value in (low - 1, high + 1):
            assert await client.post(path, {key: value}) == error(f"10002_{name}"), path


async def test_axis_moves_have_limits_in_the_documented_words(client: Client) -> None:
    for body, msg in [
        ({"x": 11}, "x error relative model value(-10~10)"),
        ({"y": -11}, "y error relative model value(-10~10)"),
        ({"is_relative_pos": 0, "z": 306}, "z error aboslute model value(0~305)"),
        ({"x": 1, "feed": 8001}, "feed error xyz value(0~8000)"),
        ({"e": 1, "nozzle": 0, "feed": 2401}, "feed error e value(0~2400)"),
        ({"e": 1, "nozzle": 2}, "nozzle error value(0 or 1)"),
        ({"e": 11, "nozzle": 0}, "e error relative model value(-10~10)"),
        (
            {"is_relative_pos": 0, "e": 10001, "nozzle": 0},
            "e error aboslute model value(-10000~10000)",
        ),
    ]:
        answer = await client.post(AXES, {"is_relative_pos": 1, "feed": 600} | body)
        assert answer["error"] == {"code": 10002, "msg": msg}, (body, msg)
        assert (10002, msg) in documented(), (body, msg)


async def test_axes_stay_in_the_box_and_filament_goes_both_ways(client: Client) -> None:
    absolute = {"is_relative_pos": 0, "feed": 600}
    await client.post(AXES, absolute | {"x": -20, "y": 300})
    await client.post(AXES, {"is_relative_pos": 1, "feed": 600, "x": -5, "y": 10})
    await client.post(AXES, absolute | {"e": -30, "nozzle": 1})
    assert client.printer.machine.axes == {"x": 0, "y": 305, "z": 0, "e": -30}
    assert await client.status("POST", AXES, json=absolute) == 400


@pytest.mark.parametrize("model", ["n2"])
async def test_a_missing_second_nozzle_is_a_404_in_the_body(client: Client) -> None:
    missing = fixture("nozzle2_not_present")
    assert await client.get("printer/nozzle2") == missing
    for path in ("printer/nozzle2/temp/set", "printer/nozzle2/flowrate/set"):
        assert await client.post(path, GOOD[path]) == missing
    move = {"is_relative_pos": 1, "feed": 600, "e": 1, "nozzle": 1}
    assert await client.post(AXES, move) == missing


async def test_setters_are_refused_in_the_documented_words(client: Client) -> None:
    async def refused(name: str, *paths: str) -> None:
        for path in paths or GOOD:
            assert await client.post(path, GOOD[path]) == error(f"500_{name}"), path

    client.printer.touch(60)
    await refused("busy")
    client.tick(60)
    client.printer.fail()
    await refused("serial")
    client.printer.clear_error()
    client.printer.fail("safe mode")
    await refused("safe_mode")
    client.printer.clear_error()
    client.printer.power_off()
    client.printer.power_on()
    await client.login()
    await refused("not_ready")
    client.tick(10)
    client.printer.start()
    client.tick(10)
    await refused("busy", AXES)
    assert await client.post(NOZZLE_TEMP, GOOD[NOZZLE_TEMP]) == {"status": 1}


async def test_a_print_is_driven_over_the_api(client: Client) -> None:
    async def operate(what: str) -> Any:
        answer = await client.post("job/currentjob/set", {"operate": what})
        client.tick(10)
        return answer

    name = "Local/medaille_1.gcode"
    assert await client.post("job/newjob/set", {"file_path": name}) == {"status": 1}
    assert await operate("pause") == error("500_busy")
    assert await operate("resume") == error("500_printing")
    again = await client.post("job/newjob/set", {"file_path": name})
    assert again == error("500_printing")
    assert await operate("pause") == {"status": 1}
    assert await operate("pause") == error("500_paused")
    assert await operate("resume") == {"status": 1}
    assert await operate("stop") == {"status": 1}
    assert await operate("stop") == error("500_stoped")
    assert await operate("fly") == error("10002_operate")
    assert [event.kind for event in client.printer.record] == [
        "started",
        "paused",
        "resumed",
        "stopped",
    ]


async def test_a_stored_file_brings_its_own_times(client: Client) -> None:
    path = "Local/medaille_2_extruder_2.gcode"
    await client.post("job/newjob/set", {"file_path": path})
    client.tick(60)
    data = (await client.get("job/currentjob"))["data"]
    assert (data["total_time"], data["total_layer"]) == (3689, 43)
    client.tick(4100)
    assert await client.get("printer/runningstatus") == fixture(
        "runningstatus_completed"
    )


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("Local/nowhere.gcode", "500_file_not_exist"),
        ("/etc/passwd", "10005_root_path"),
        ("Local/../etc/passwd", "10005_root_path"),
        ("Localish/a.gcode", "10005_root_path"),
    ],
)
async def test_only_files_below_local_print(
    client: Client, path: str, name: str
) -> None:
    assert await client.post("job/newjob/set", {"file_path": path}) == error(name)


async def test_the_documents_other_name_for_a_file_is_refused(client: Client) -> None:
    body = {"filepath": "Local/medaille_1.gcode"}
    assert await client.status("POST", "job/newjob/set", json=body) == 400


async def test_views_at_the_panel_refuse_all_job_commands(client: Client) -> None:
    commands: dict[str, dict[str, object]] = {
        "job/currentjob/set": {"operate": "stop"},
        "job/newjob/set": {"file_path": "Local/medaille_1.gcode"},
        "job/recover/set": {},
    }

    async def refused(name: str) -> None:
        for path, body in commands.items():
            assert await client.post(path, body) == error(f"500_{name}"), (path, name)

    views = {
        "powerloss": "powerloss_view",
        "powerdown": "powerdown_view",
        "extrude retract": "extrude_view",
        "calibrate": "calibrate_view",
    }
    for view, name in views.items():
        client.printer.show(view)
        await refused(name)
    client.printer.show("")
    client.printer.start(duration=100)
    client.tick(102)
    await refused("completed_view")
    client.printer.dismiss()
    client.printer.fail()
    await refused("unknown")


async def test_recover_needs_no_body_and_an_interrupted_job(client: Client) -> None:
    assert await client.post("job/recover/set") == error("10002_no_last_job")
    client.printer.start()
    client.tick(100)
    client.printer.power_off()
    client.printer.power_on()
    await client.login()
    assert await client.post("job/recover/set") == {"status": 1}


async def test_the_history_is_paged_oldest_first(client: Client) -> None:
    answer = await client.get("dashboard/joblist", start_pos=1, max_num=12)
    jobs = answer["data"]["job_list"]
    assert jobs[0].keys() == fixture("joblist")["data"]["job_list"][0].keys()
    assert [job["job_index"] for job in jobs] == [1, 2]
    job_id = jobs[0]["job_id"]
    job = await client.get("dashboard/job", pos=1, job_id=job_id)
    assert job["data"].keys() == fixture("job")["data"].keys()
    mismatch = await client.get("dashboard/job", pos=2, job_id=job_id)
    assert mismatch == fixture("job_mismatch")
    statistics = (await client.get("dashboard/statistics"))["data"]
    assert statistics.keys() == fixture("statistics_dual")["data"].keys()
    assert statistics["printed_file_num"] == 3


async def test_the_history_has_limits(client: Client) -> None:
    async def listed(start: int, number: int) -> Any:
        path = "dashboard/joblist"
        return await client.get(path, start_pos=start, max_num=number)

    for number in (0, 13):
        assert await listed(0, number) == fixture("joblist_max_num_error")
    for start in (-1, 3):
        assert await listed(start, 12) == fixture("joblist_start_pos_error")
    answer = await client.get("dashboard/job", pos=3, job_id="x")
    assert answer["error"] == {"code": 10002, "msg": "pos error"}
    status = await client.status(
        "GET", "dashboard/joblist", params={"token": client.token, "start_pos": "a"}
    )
    assert status == 400


async def test_the_history_may_count_from_one(client: Client) -> None:
    client.printer.unknowns = replace(Unknowns(), history_base=1)
    path = "dashboard/joblist"
    answer = await client.get(path, start_pos=0, max_num=1)
    assert answer == fixture("joblist_start_pos_error")
    answer = await client.get(path, start_pos=3, max_num=1)
    job = answer["data"]["job_list"][0]
    assert job["job_id"] == client.printer.history[-1].job_id
    answer = await client.get("dashboard/job", pos=3, job_id=job["job_id"])
    assert answer["status"] == 1


@pytest.mark.parametrize(
    ("requested", "given"),
    [
        ((32, 32), (23, 32)),
        ((1024, 1024), (736, 1024)),
        ((10, 900), (10, 14)),
        ((1, 1), (1, 1)),
    ],
)
async def test_a_preview_keeps_its_shape(
    client: Client, requested: tuple[int, int], given: tuple[int, int]
) -> None:
    job_id = client.printer.start()
    answer = await client.get(
        "dashboard/imagedownload",
        job_id=job_id,
        width=requested[0],
        height=requested[1],
    )
    data = base64.b64decode(answer["data"]["img_data"])
    picture = Image.open(BytesIO(data))
    assert (picture.format, picture.size) == ("PNG", given)


async def test_a_preview_may_be_missing(client: Client) -> None:
    async def image(job_id: str, width: int = 32, height: int = 32) -> Any:
        path = "dashboard/imagedownload"
        return await client.get(path, job_id=job_id, width=width, height=height)

    assert await image("nobody") == fixture("dashboard_image_404")
    plain = client.printer.start_stored("Local/测试 100%.gcode")
    assert await image(plain) == fixture("dashboard_image_404")
    for side in ("width", "height"):
        answer = await image(plain, **{side: 1025})
        msg = f"{side} error, range(1~1024)"
        assert answer["error"] == {"code": 10002, "msg": msg}
        assert (10002, msg) in documented()


async def test_a_running_jobs_preview_may_be_missing(client: Client) -> None:
    client.printer.unknowns = replace(Unknowns(), preview_of_running=False)
    answer = await client.get(
        "dashboard/imagedownload", job_id=client.printer.start(), width=32, height=32
    )
    assert answer == fixture("dashboard_image_404")


async def test_a_printer_without_power_hangs_up(client: Client) -> None:
    client.printer.power_off()
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await client.get("printer/system")


async def test_requests_are_written_down_without_their_secrets(client: Client) -> None:
    client.tick(5)
    await client.get("printer/system")
    first, second = client.simulator.requests
    assert (first.path, second.path) == ("/v1/login", "/v1/printer/system")
    assert (second.method, second.time, second.in_flight) == ("GET", NOW + 5, 1)
    assert client.simulator.logins == 1
    assert client.simulator.max_in_flight == 1


def test_every_refusal_is_in_the_official_list() -> None:
    from simulator import errors  # noqa: PLC0415 - looked through as a whole

    ours = {value for value in vars(errors).values() if isinstance(value, tuple)}
    assert len(ours) > 15
    assert ours <= documented()
