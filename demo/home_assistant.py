"""A Home Assistant of one's own: its folder, its process, and its API."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
import json
import os
from pathlib import Path
import secrets
import shutil
import signal
import subprocess
import sys
from types import TracebackType
from typing import Any, Self

import aiohttp

HOST = "127.0.0.1"
# What the adapter is called that leads nowhere else: Linux, macOS.
LOOPBACK = ("lo", "lo0")
STAND_INS = Path(__file__).parent / "stand_ins"
COMPONENTS = Path(__file__).parents[1] / "custom_components"
LOG_NAME = "hass.log"
# Says that a folder is ours, so that it may be emptied, and set up completely.
MARKER_NAME = "demo.json"

# Nobody but this machine gets in, and it needs no password. Only what shows
# entities and their past: nothing that looks around in the network or reports home.
CONFIGURATION = """\
# Made anew at every start.
homeassistant:
  name: Print room
  country: DE
  currency: EUR
  language: en
  unit_system: metric
  media_dirs:
    local: media
  auth_providers:
    - type: trusted_networks
      trusted_networks: [127.0.0.1, "::1"]
      allow_bypass_login: true
    - type: homeassistant
automation: !include automations.yaml
frontend:
lovelace:
  # of those who keep their dashboards in files
  dashboards:
    raise3d-file:
      mode: yaml
      title: Raise3D
      filename: raise3d.yaml
      show_in_sidebar: false
history:
logbook:
media_source:
recorder:
  purge_keep_days: 2
template:
  # stands in for a plug that measures
  - sensor:
      - name: Plug of the workshop
        unique_id: plug_workshop
        device_class: power
        state_class: measurement
        unit_of_measurement: W
        state: >-
          {{ 340 if is_state('sensor.pro2_workshop_status', 'printing') else 18 }}
logger:
  default: warning
  logs:
    custom_components.raise3d: info
    # ffmpeg and libturbojpeg need not be there
    haffmpeg: critical
    homeassistant.components.camera.img_util: critical
"""
DASHBOARD = """\
strategy:
  type: custom:raise3d
"""
# Something to upload, in the media folder.
UPLOAD = "calibration_cube.gcode"
CUBE = "; a cube of 20 mm\nG28\nG1 X20 Y20 F3000\n"
# What Home Assistant says of itself when somebody restarts it in the browser.
RESTART = 100
STOP_SECONDS = 30.0


class HomeAssistantError(Exception):
    """Home Assistant does not do what it should."""


class HomeAssistant:
    """One Home Assistant in a process of its own, seen through its web API."""

    def __init__(
        self,
        folder: Path,
        port: int,
        python: Path = Path(sys.executable),
        components: Path = COMPONENTS,
    ) -> None:
        """Keep where it lives, whose Python has it, and where the integration is."""
        self.folder = folder
        self._components = components
        self.port = port
        self._python = python
        self.url = f"http://{HOST}:{port}"
        self._process: subprocess.Popen[bytes] | None = None
        self._session: aiohttp.ClientSession | None = None
        self._headers: dict[str, str] = {}

    # The folder

    @property
    def log(self) -> Path:
        """Where Home Assistant writes its log."""
        return self.folder / LOG_NAME

    def prepare(self, marker: Mapping[str, object], *, fresh: bool = False) -> bool:
        """Make the folder; return whether it was set up with this marker before."""
        mark = self.folder / MARKER_NAME
        known = mark.exists() and json.loads(mark.read_text("utf-8") or "{}") == marker
        if fresh or not known:
            if self.folder.exists() and any(self.folder.iterdir()):
                if not mark.exists():
                    msg = f"{self.folder} was not made by this program: not touched"
                    raise HomeAssistantError(msg)
                shutil.rmtree(self.folder)
            storage = self.folder / ".storage"
            storage.mkdir(parents=True)
            # empty until complete(): a start that was cut short begins anew
            mark.touch()
            done = ["core_config", "analytics", "integration"]
            _store(storage / "onboarding", 4, 1, {"done": done})
        # In configuration.yaml the address would be on trial for five minutes only.
        _store(
            self.folder / ".storage" / "http",
            2,
            2,
            {
                "stable": _http_configuration(self.port),
                "pending": None,
                "yaml_migration_done": True,
            },
        )
        # nothing but this machine itself is searched for printers
        _store(
            self.folder / ".storage" / "core.network",
            1,
            1,
            {"configured_adapters": [*LOOPBACK]},
        )
        (self.folder / "configuration.yaml").write_text(CONFIGURATION, "utf-8")
        (self.folder / "raise3d.yaml").write_text(DASHBOARD, "utf-8")
        # what is made in the automation editor
        (self.folder / "automations.yaml").touch()
        media = self.folder / "media"
        media.mkdir(exist_ok=True)
        (media / UPLOAD).write_text(
            "; a cube of 20 mm\nG28\nG1 X20 Y20 F3000\n", "utf-8"
        )
        link = self.folder / "custom_components"
        link.unlink(missing_ok=True)
        link.symlink_to(self._components, target_is_directory=True)
        return known and not fresh

    def complete(self, marker: Mapping[str, object]) -> None:
        """Note that the folder has all that it needs."""
        (self.folder / MARKER_NAME).write_text(json.dumps(marker), "utf-8")

    # The process

    async def __aenter__(self) -> Self:
        """Start the process."""
        self._session = aiohttp.ClientSession(self.url)
        self._start()
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """End the process; whoever cancels this is in a hurry, and it is killed."""
        process = self._process
        assert process is not None  # noqa: S101 - entered before
        try:
            if self._session:
                await self._session.close()
            if process.poll() is None:
                process.terminate()
                await asyncio.to_thread(process.wait, STOP_SECONDS)
        except subprocess.TimeoutExpired:
            pass
        finally:
            _kill(process)

    async def serve(self) -> None:
        """Keep it running until it ends by itself."""
        while True:
            await asyncio.sleep(0.5)
            self._check(restart=True)

    def _start(self) -> None:
        log = self.log.open("wb")
        # In a session of its own, so that Ctrl-C reaches it through us alone.
        self._process = subprocess.Popen(  # noqa: S603
            [
                self._python,
                *("-m", "homeassistant", "--skip-pip", "--log-no-color"),
                *("--config", self.folder),
            ],
            cwd=self.folder,
            env={
                **os.environ,
                "HA_DISABLE_LOG_FILE": "1",
                "PYTHONPATH": str(STAND_INS),
            },
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        log.close()

    def _check(self, *, restart: bool = False) -> None:
        assert self._process is not None  # noqa: S101 - called between enter and exit
        code = self._process.poll()
        if code == RESTART and restart:
            self._start()
        elif code is not None:
            msg = f"Home Assistant ended with code {code}; {self.log} says why"
            raise HomeAssistantError(msg)

    # The API

    async def sign_in(self, name: str) -> None:
        """Wait until it runs, and sign in; the first to do so becomes its owner."""
        await self._answers()
        client_id = f"{self.url}/"
        # There is no password to know: this machine is let in without.
        await self._call(
            "POST",
            "/api/onboarding/users",
            json={
                "name": name,
                "username": name.lower(),
                "password": secrets.token_urlsafe(),
                "client_id": client_id,
                "language": "en",
            },
            ignore={403, 404},
        )
        flow = await self._call(
            "POST",
            "/auth/login_flow",
            json={
                "client_id": client_id,
                "redirect_uri": client_id,
                "handler": ["trusted_networks", None],
            },
        )
        token = await self._call(
            "POST",
            "/auth/token",
            data={
                "grant_type": "authorization_code",
                "client_id": client_id,
                "code": flow["result"],
            },
        )
        self._headers = {"Authorization": f"Bearer {token['access_token']}"}
        await self._runs()

    async def restart(self) -> None:
        """End the process and start it again."""
        assert self._process is not None  # noqa: S101 - entered before
        self._process.terminate()
        await asyncio.to_thread(self._process.wait, STOP_SECONDS)
        self._start()
        await self._answers()
        await self._runs()

    async def get(self, path: str) -> Any:
        """Get something from the REST API."""
        return await self._call("GET", f"/api/{path}")

    async def post(self, path: str, **body: object) -> Any:
        """Send something to the REST API."""
        return await self._call("POST", f"/api/{path}", json=body)

    async def command(self, kind: str, **message: object) -> Any:
        """Ask something that only the websocket answers."""
        assert self._session is not None  # noqa: S101 - entered before
        token = self._headers["Authorization"].removeprefix("Bearer ")
        async with self._session.ws_connect("/api/websocket", max_msg_size=0) as socket:
            await socket.receive_json()
            await socket.send_json({"type": "auth", "access_token": token})
            await socket.receive_json()
            await socket.send_json({"id": 1, "type": kind, **message})
            answer = await socket.receive_json()
        if not answer["success"]:
            msg = f"{kind}: {answer['error']['message']}"
            raise HomeAssistantError(msg)
        return answer["result"]

    async def _answers(self) -> None:
        while True:
            try:
                await self._call("GET", "/manifest.json")
            except aiohttp.ClientConnectionError:
                await self._pause()
            else:
                return

    async def _runs(self) -> None:
        while (await self.get("config"))["state"] != "RUNNING":
            await self._pause()

    async def _pause(self) -> None:
        self._check()
        await asyncio.sleep(0.2)

    async def _call(
        self,
        method: str,
        path: str,
        *,
        ignore: frozenset[int] | set[int] = frozenset(),
        **arguments: Any,
    ) -> Any:
        assert self._session is not None  # noqa: S101 - entered before
        async with self._session.request(
            method, path, headers=self._headers, **arguments
        ) as response:
            if response.ok:
                return await response.json()
            if response.status not in ignore:
                msg = f"{path}: {response.status} {await response.text()}"
                raise HomeAssistantError(msg)
        return None


def _http_configuration(port: int) -> dict[str, object]:
    return {
        "server_host": [HOST],
        "server_port": port,
        "cors_allowed_origins": [],
        "login_attempts_threshold": -1,
        "ip_ban_enabled": False,
        "ssl_profile": "modern",
        "use_x_frame_options": True,
        "created_at": "2026-01-01T00:00:00+00:00",
        "error": None,
        "error_message": None,
    }


def _store(path: Path, version: int, minor_version: int, data: object) -> None:
    content = {
        "version": version,
        "minor_version": minor_version,
        "key": path.name,
        "data": data,
    }
    path.write_text(json.dumps(content), "utf-8")


def _kill(process: subprocess.Popen[bytes]) -> None:
    # the whole session, in case that it has started something in turn
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
