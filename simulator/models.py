"""What differs from one printer model to the next."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Model:
    """Identity strings as `/printer/system` gives them, and the number of nozzles."""

    name: str
    nozzles: int
    machine_name: str
    machine_id: str
    serial_number: str
    machine_ip: str
    api_version: str
    firmware_version: str
    version: str
    battery: float
    brightness: int
    language: str
    storage_kb: int


# Only the Pro2's strings were ever captured; the other versions are guesses.
MODELS = {
    "n2": Model(
        name="Raise3D N2",
        nozzles=1,
        machine_name="n2-single",
        machine_id="1234567890123456789",
        serial_number="1234567890",
        machine_ip="192.168.110.25",
        api_version="0.1.0.307",
        firmware_version="1.1.6-rev1",
        version="0.9.3.1165",
        battery=3.7010414600372314,
        brightness=1,
        language="English",
        storage_kb=3694700,
    ),
    "pro2": Model(
        name="Raise3D Pro2",
        nozzles=2,
        machine_name="Raise3D",
        machine_id="1234567890123456789",
        serial_number="1234567890",
        machine_ip="192.168.110.25",
        api_version="0.1.0.926",
        firmware_version="1.7.0.1008",
        version="1.7.7.1026",
        battery=0,
        brightness=6,
        language="English",
        storage_kb=3694700,
    ),
    "pro3": Model(
        name="Raise3D Pro3",
        nozzles=2,
        machine_name="Pro3-lab",
        machine_id="13572468013572468013",
        serial_number="2345678901",
        machine_ip="192.168.1.21",
        api_version="0.1.0.1000",
        firmware_version="1.8.0.1000",
        version="1.8.0.1000",
        battery=0,
        brightness=5,
        language="English",
        storage_kb=9371648,
    ),
    "e2": Model(
        name="Raise3D E2",
        nozzles=2,
        machine_name="E2-ü中文 1",
        machine_id="9876543210987654321",
        serial_number="3456789012",
        machine_ip="192.168.1.23",
        api_version="0.1.0.926",
        firmware_version="1.7.0.1008",
        version="1.7.7.1026",
        battery=0,
        brightness=6,
        language="Deutsch",
        storage_kb=2500000,
    ),
}


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A sliced file in the printer's storage; times in seconds, filament in grams."""

    duration: float = 3600
    estimate: float | None = None
    layers: int = 250
    filament: tuple[float, float] = (18.9, 10.9)
    has_preview: bool = True
    # of an upload
    size: int = 0
    sha256: str = ""


# The names of the fixtures: blank, umlaut, percent sign and Chinese are always around.
FILES = {
    "Local/medaille_1.gcode": StoredFile(3689, 3689, 43, (6.2, 0.0)),
    "Local/medaille_2_extruder_2.gcode": StoredFile(4120, 3689, 43, (0.0, 6.4)),
    "Local/webapi_store/bracket v3 ä.gcode": StoredFile(
        21890, 21480, 250, (61.5, 10.9)
    ),
    "Local/测试 100%.gcode": StoredFile(1250, 1200, 80, (4.5, 0.0), has_preview=False),
}
