"""The demo with other ports and a folder of its own, and a browser that shows it."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
import os
from pathlib import Path
import random

# The tests around may not open sockets: this is the true one, from before.
from socket import socket as Socket  # noqa: N812 - it is a class
import subprocess
import sys
import time
from typing import Protocol
from zipfile import ZipFile

from PIL import Image
from playwright.async_api import Browser, ConsoleMessage, Page, async_playwright, expect
import pytest

from demo.home_assistant import LOG_NAME
from scripts.build_release import build

from .home import Device, Home
from .simulated import SimulatedPrinter
from .views import open_page

CHROMIUM = Path("/usr/bin/chromium")
# It runs as root on CI, and it must not try to reach anything but the demo.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    # a container has little of it
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PROJECT = Path(__file__).parents[2]
# Which Python has which Home Assistant; the tests' own runs whatever names no other.
PYTHONS = {
    "2026.10": Path(sys.executable),
    "2026.11": PROJECT / ".venv-next/bin/python",
}
# The version of the zip that the demo runs from.
RELEASE = "9.8.7"
SCREENSHOTS = PROJECT / ".screenshots"
# What README.md shows is only made anew when somebody wants it to be.
DOCS = PROJECT / "docs" if os.environ.get("RAISE3D_UPDATE_DOCS") else None
# Long enough for a machine that has other things to do; whoever waits sees the end.
START_SECONDS = 300.0
STOP_SECONDS = 60.0
PATIENCE_MS = 120_000
TEST_SECONDS = 900.0

# The dashboard that a test makes for itself.
OWN = "own-dashboard"
# Below the ports of connections, which come and go.
PORTS = range(20_000, 32_000)
# So many in a row for each run, and what they are for: the demo's printers come first.
BLOCK = 200
DEMO, ADDED, ADDED_CONTROL, FARM, CLAIM = 30, 31, 32, 100, 199
# The demo's own password and its distance to the control ports.
DEMO_PASSWORD, CONTROL = "demo-password", 20

type AddPrinter = Callable[[str, float], Awaitable[Device]]


class OwnDashboard(Protocol):
    """Opens a dashboard with one view of these sections."""

    async def __call__(self, *sections: object) -> None:
        """Make and open it."""


class AddSimulator(Protocol):
    """Switches one more printer on, under a name."""

    def __call__(self, name: str, speed: float = 1.0) -> SimulatedPrinter:
        """Switch it on; its clock runs that many times as fast."""


class Shoot(Protocol):
    """Takes a picture under a name, which may be one for the docs."""

    async def __call__(self, name: str, *, docs: bool = False) -> None:
        """Take it."""


@dataclass(frozen=True, slots=True)
class Demo:
    """The running demo."""

    version: str
    """Of Home Assistant."""
    url: str
    files: Path
    """A folder that Home Assistant may read."""
    start_log: str
    """What Home Assistant has logged until the demo was ready."""
    workshop: SimulatedPrinter
    lab: SimulatedPrinter


# First, for pytest-xdist reads the groups in the same hook.
@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test of this folder: `-m "not browser"` leaves it out.

    Those of one version of Home Assistant share a demo, and so a process where there
    are several.
    """
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker("browser")
            item.add_marker(pytest.mark.xdist_group(f"browser {version_of(item)}"))
            if item.get_closest_marker("timeout") is None:
                item.add_marker(pytest.mark.timeout(TEST_SECONDS))


def version_of(item: pytest.Item) -> str:
    """Return the version of Home Assistant that a test runs in."""
    assert isinstance(item, pytest.Function)
    return str(item.callspec.params["demo"])


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test in the versions of Home Assistant that it names, or in the oldest."""
    if "demo" in metafunc.fixturenames:
        marker = metafunc.definition.get_closest_marker("home_assistant")
        versions = marker.args if marker else [*PYTHONS][:1]
        metafunc.parametrize("demo", versions, indirect=True, scope="session")


@pytest.fixture(autouse=True)
def auto_enable_custom_integrations() -> None:
    """Do without the Home Assistant inside the test: here it has its own process."""


@pytest.fixture(scope="session", autouse=True)
def chromium() -> Path:
    """Return the browser's path; without one skip, but never where it must be there."""
    require(CHROMIUM)
    return CHROMIUM


def require(path: Path) -> None:
    """Skip what needs a file that is not there, but never where it must be there."""
    if not path.exists():
        missing = f"no {path}: run scripts/setup --browser"
        if os.environ.get("CI") == "true":
            pytest.fail(missing)
        pytest.skip(missing)


@contextmanager
def program(folder: Path, ready: str, *arguments: object) -> Generator[None]:
    """Run a program of this project as soon as it says that it is ready."""
    log = folder / f"{arguments[0]}.log"
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-m", *map(str, arguments)],
            cwd=PROJECT,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        deadline = time.monotonic() + START_SECONDS
        while ready not in log.read_text("utf-8"):
            if process.poll() is not None or time.monotonic() > deadline:
                pytest.fail(f"{arguments[0]} does not start: {log.read_text('utf-8')}")
            time.sleep(0.1)
        yield
    finally:
        process.terminate()
        process.wait(STOP_SECONDS)


def take(port: int) -> Socket | None:
    """Take a port unless somebody has it."""
    taken = Socket()
    try:
        taken.bind(("127.0.0.1", port))
    except OSError:
        taken.close()
        return None
    return taken


@pytest.fixture(scope="session")
def first_port() -> Generator[int]:
    """Return the first of a block of ports that nobody has, and claim the block."""
    blocks = list(PORTS[::BLOCK])
    random.shuffle(blocks)
    for first in blocks:
        # another run that holds this one has the block
        if (claim := take(first + CLAIM)) is None:
            continue
        with claim:
            taken = [take(port) for port in range(first, first + CLAIM)]
            for port in filter(None, taken):
                port.close()
            if all(taken):
                yield first
                return
    pytest.fail(f"no {BLOCK} free ports in a row")


@pytest.fixture(scope="session")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a custom_components folder with the zip of a release, unpacked."""
    folder = tmp_path_factory.mktemp("released")
    archive = folder / "raise3d.zip"
    build(PROJECT, RELEASE, archive)
    with ZipFile(archive) as content:
        content.extractall(folder / "custom_components" / "raise3d")
    return folder / "custom_components"


@pytest.fixture(scope="session")
def demo(
    request: pytest.FixtureRequest,
    chromium: Path,
    first_port: int,
    released: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Generator[Demo]:
    """Run the demo for all tests in one version of Home Assistant, from a release."""
    version: str = request.param
    require(PYTHONS[version])
    folder = tmp_path_factory.mktemp("demo")
    ports = ("--port", first_port + DEMO, "--printer-port", first_port)
    printers = [
        SimulatedPrinter(port, port + CONTROL, DEMO_PASSWORD)
        for port in (first_port, first_port + 1)
    ]
    # in a hurry where pictures wait for a print to end; otherwise so slow that the
    # print at work outlasts all tests on any machine
    speed = ("--speed", 60 if DOCS else 1)
    home = ("--folder", folder / "home")
    python = ("--python", PYTHONS[version], "--components", released)
    with program(folder, "Ctrl-C", "demo", *home, *ports, *speed, *python):
        files = folder / "home" / "www"
        files.mkdir(exist_ok=True)
        url = f"http://127.0.0.1:{first_port + DEMO}"
        log = (folder / "home" / LOG_NAME).read_text("utf-8")
        yield Demo(version, url, files, log, *printers)


@pytest.fixture
def farm(demo: Demo, first_port: int, tmp_path: Path) -> Generator[str]:
    """Run a demo with thirty printers, and return its address."""
    port = first_port + FARM
    ports = ("--port", port + DEMO, "--printer-port", port, "--printers", 30)
    python = ("--python", PYTHONS[demo.version])
    with program(
        tmp_path, "Ctrl-C", "demo", "--folder", tmp_path / "home", *ports, *python
    ):
        yield f"http://127.0.0.1:{port + DEMO}"


@pytest.fixture
def add_simulator(
    demo: Demo, first_port: int, tmp_path: Path
) -> Generator[AddSimulator]:
    """Return a function that switches one more printer on, under a name."""
    port, control = first_port + ADDED, first_port + ADDED_CONTROL

    with ExitStack() as stack:

        def add_simulator(name: str, speed: float = 1.0) -> SimulatedPrinter:
            printer = SimulatedPrinter(port, control, "368d8d", name)
            options = {
                "name": name,
                # another printer for each test, as far as Home Assistant can tell
                "machine-id": sum(name.encode()),
                "port": port,
                "camera-port": 0,
                "control-port": control,
                "password": printer.password,
                "speed": speed,
            }
            flags = [f"--{key}={value}" for key, value in options.items()]
            stack.enter_context(program(tmp_path, "Ready:", "simulator", *flags))
            return printer

        yield add_simulator


@pytest.fixture
async def browser(chromium: Path) -> AsyncGenerator[Browser]:
    """Return a browser."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield browser
        await browser.close()


@pytest.fixture
async def page(browser: Browser, demo: Demo) -> AsyncGenerator[Page]:
    """Return an empty page of a browser that has never been here before."""
    page = await browser.new_page(
        base_url=demo.url,
        viewport={"width": 1280, "height": 900},
        locale="en-GB",
        timezone_id="Europe/Berlin",
        service_workers="block",
    )
    page.set_default_timeout(PATIENCE_MS)
    yield page
    # where a test fails, this is what the person in front of it would have seen
    await page.screenshot(path=SCREENSHOTS / "last.png")


@pytest.fixture
async def workshop(page: Page, demo: Demo) -> AsyncGenerator[SimulatedPrinter]:
    """Return the printer that prints; it does so for the next test, too."""
    yield demo.workshop
    await demo.workshop.print_on(page.request)


@pytest.fixture
def home(page: Page) -> Home:
    """Return what asks Home Assistant through the page."""
    return Home(page)


@pytest.fixture
async def add_printer(
    page: Page, home: Home, add_simulator: AddSimulator
) -> AsyncGenerator[AddPrinter]:
    """Return a function that adds one more printer, for this test only."""
    entry_ids = []

    async def add_printer(name: str, speed: float) -> Device:
        simulator = add_simulator(name, speed)
        if page.url == "about:blank":
            await open_page(page, "/profile")
        device = await home.add(simulator)
        entry_ids.append(device.entry_id)
        return device

    yield add_printer
    for entry_id in entry_ids:
        await home.remove(entry_id)


@pytest.fixture
def errors(page: Page) -> list[str]:
    """Return what goes wrong on the page, as it grows."""
    found: list[str] = []

    def keep(message: ConsoleMessage) -> None:
        if message.type == "error":
            found.append(message.text)

    page.on("console", keep)
    page.on("pageerror", lambda error: found.append(str(error)))
    return found


@pytest.fixture
async def own_dashboard(page: Page, home: Home) -> AsyncGenerator[OwnDashboard]:
    """Return a function that opens a dashboard with one view of these sections."""

    async def own_dashboard(*sections: object) -> None:
        await open_page(page, "/profile")
        await home.command("lovelace/dashboards/create", url_path=OWN, title="Own")
        view = {"title": "One", "type": "sections", "sections": sections}
        await home.command(
            "lovelace/config/save", url_path=OWN, config={"views": [view]}
        )
        await open_page(page, f"/{OWN}/0")

    yield own_dashboard
    await home.forget_dashboards(OWN)


@pytest.fixture
def shoot(page: Page) -> Shoot:
    """Return a function that takes pictures."""

    async def shoot(name: str, *, docs: bool = False) -> None:
        path = SCREENSHOTS / f"{name}.png"
        # the front end loads what explains a dialog only once it is open
        await page.wait_for_load_state("networkidle")
        # what the front end says where a text lacks a value
        await expect(page.get_by_text("MISSING_VALUE")).to_have_count(0)
        await page.screenshot(path=path, animations="disabled")
        if DOCS and docs:
            DOCS.mkdir(exist_ok=True)
            with Image.open(path) as image:
                image.convert("RGB").save(DOCS / path.name, optimize=True)

    return shoot
