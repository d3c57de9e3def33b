"""What the printer reports: the bodies of its GET endpoints."""

from collections.abc import Mapping

from .clock import printer_datetime
from .errors import NO_RIGHT_NOZZLE, RefusedError
from .history import HistoryEntry
from .job import Job
from .physics import wire_number
from .printer import Printer

type Data = dict[str, object]
# `total_time` while there is no estimate: captured on every idle printer.
NO_ESTIMATE = 3600000


def system(printer: Printer) -> Data:
    """Return who the printer is."""
    model = printer.model
    own = printer_datetime(printer.own_time, printer.unknowns.clock_zone)
    return {
        "Serial_number": printer.serial_number,
        "api_version": model.api_version,
        "battery": wire_number(model.battery),
        "brightness": model.brightness,
        "date_time": f"{own:%Y-%m-%d %H:%M:%S}",
        "firmware_version": model.firmware_version,
        "language": model.language,
        "machine_id": printer.machine_id,
        "machine_ip": model.machine_ip,
        "machine_name": printer.machine_name,
        "model": model.name,
        "nozzies_num": model.nozzles,
        "storage_available": printer.storage_free_kb,
        "update": "",
        "version": model.version,
    }


def camera(printer: Printer) -> Data:
    """Return how to reach the camera; without one a real Pro2 sends a single key."""
    if not printer.camera_connected:
        return {"is_camera_connected": False}
    return {
        "camerserver_URI": f":{printer.camera_port}/api/v1/camera/auth_stream",
        "is_camera_connected": True,
        "password": printer.camera_password,
        "user_name": "raise3d_camera",
    }


def running_status(printer: Printer) -> Data:
    """Return the state."""
    moment, at = printer.seen(printer.unknowns.state_lag)
    word = printer.status_word or str(moment.running_status(at))
    return {"running_status": word}


def basic(printer: Printer) -> Data:
    """Return fan, speed and bed."""
    now = printer.time.catch_up()
    machine = printer.machine
    return {
        "fan_cur_speed": machine.rates["fan"],
        "fan_tar_speed": machine.rate_targets["fan"],
        "feed_cur_rate": machine.rates["feed"],
        "feed_tar_rate": machine.rate_targets["feed"],
        "heatbed_cur_temp": machine.bed.reading(now),
        "heatbed_tar_temp": wire_number(machine.bed.target),
    }


def nozzle(printer: Printer, number: int) -> Data:
    """Return the left (1) or right (2) nozzle."""
    if number > printer.model.nozzles:
        raise RefusedError(*NO_RIGHT_NOZZLE)
    now = printer.time.catch_up()
    heater = printer.machine.nozzles[number - 1]
    return {
        "flow_cur_rate": printer.machine.rates[f"flow{number}"],
        "flow_tar_rate": printer.machine.rate_targets[f"flow{number}"],
        "nozzle_cur_temp": heater.reading(now),
        "nozzle_tar_temp": wire_number(heater.target),
    }


def current_job(printer: Printer) -> Data:
    """Return the print; an idle printer still names its last one (captured)."""
    moment, now = printer.seen(printer.unknowns.job_lag)
    job = moment.job
    data: Data = {
        **_named(printer, job),
        "job_status": moment.job_status,
        "print_progress": 0,
        "printed_layer": 0,
        "printed_time": 0,
        "total_layer": 0,
        "total_time": NO_ESTIMATE,
    }
    if not moment.shows_job:
        return data
    elapsed = job.elapsed_at(now)
    # differences of unix times are a fraction of a microsecond off
    printed = elapsed + 1e-6
    if printer.unknowns.time_runs_in_pause:
        printed += job.paused_at(now)
    data |= {
        "print_progress": wire_number(job.progress_at(now)),
        "printed_layer": job.layer_at(now),
        "printed_time": int(printed),
    }
    if elapsed >= min(printer.unknowns.estimate_after, job.duration):
        data |= {"total_layer": job.layers, "total_time": int(job.estimate)}
    return data


def statistics(printer: Printer) -> Data:
    """Return what was printed in all; only successful jobs count (documented)."""
    jobs, unknowns = printer.totals, printer.unknowns
    used = [sum(entry.filament[side] for entry in jobs) for side in (0, 1)]
    used = used[: printer.model.nozzles]
    counted = len(jobs) if unknowns.counter is None else unknowns.counter
    return {
        "printed_file_num": counted + unknowns.counter_offset,
        "printed_total_time": sum(entry.real_print_time for entry in jobs),
        "printed_used_filament": wire_number(sum(used)),
        **_per_nozzle("printed_used_filament", used),
    }


def job_list(printer: Printer, start: int, number: int) -> Data:
    """Return the jobs of the history from a place on."""
    indexed = printer.unknowns.history_index
    return {
        "job_list": [
            {
                **_named(printer, entry),
                **({"job_index": place} if indexed else {}),
                "user_tag": entry.user_tag,
            }
            for place, entry in printer.listed.items()
            if start <= place < start + number
        ]
    }


def job(printer: Printer, entry: HistoryEntry) -> Data:
    """Return one completed job."""
    return {
        "estimated_time": entry.estimated_time,
        "file_name": entry.file_name,
        "real_print_time": entry.real_print_time,
        "user_tag": entry.user_tag,
        **_per_nozzle("filament_used", entry.filament[: printer.model.nozzles]),
    }


def has_preview(printer: Printer, job_id: str) -> bool:
    """Return whether there is a picture of a job."""
    printer.time.catch_up()
    jobs = {entry.job_id: entry.has_preview for entry in printer.history}
    if printer.unknowns.preview_of_running:
        jobs[printer.job.job_id] = printer.job.has_preview
    return jobs.get(job_id, False)


def file_list(printer: Printer, folder: str, start: int, number: int) -> Data:
    """Return what is in a folder, from a place on: folders first."""
    folders, files = printer.storage.children(folder)
    end = start + number
    counts = printer.unknowns.list_counts
    if counts == "together":
        # the files come after all folders
        begin = max(0, start - len(folders))
        folders = folders[start:end]
        files = files[begin : begin + number - len(folders)]
    else:
        files = files[start:end]
    if counts == "apart":
        folders = folders[start:end]
    return {
        "dir_list": folders,
        "file_list": [
            {
                "data_path": printer.storage.data_file(f"{folder}/{name}"),
                "file_name": name,
            }
            for name in files
        ],
    }


def _named(printer: Printer, job: Job | HistoryEntry) -> Mapping[str, object]:
    """Name a job; one from USB may have no names."""
    return {
        "file_name": job.file_name if printer.unknowns.names else "",
        "job_id": job.job_id if printer.unknowns.job_ids else "",
    }


def _per_nozzle(
    key: str, grams: list[float] | tuple[float, ...]
) -> Mapping[str, object]:
    """Leave `_1` out on a one-nozzle printer (documented)."""
    return {f"{key}_{side}": wire_number(used) for side, used in enumerate(grams)}
