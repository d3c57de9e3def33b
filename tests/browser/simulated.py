"""What a simulated printer says of itself, asked past Home Assistant."""

from dataclasses import dataclass
import hashlib
from typing import Any

from playwright.async_api import APIRequestContext


@dataclass(frozen=True, slots=True)
class SimulatedPrinter:
    """A simulator elsewhere; the browser's driver asks it, because tests may not."""

    port: int
    control_port: int
    password: str
    name: str = ""
    host: str = "127.0.0.1"

    async def do(self, request: APIRequestContext, action: str) -> None:
        """Do what a person can do at the printer."""
        url = f"http://127.0.0.1:{self.control_port}/{action}"
        answer = await request.post(url)
        assert answer.ok, await answer.text()

    async def print_on(self, request: APIRequestContext) -> None:
        """Print on, whatever a test that failed has left."""
        await self.do(request, "touch?seconds=0")
        job = await self.read(request, "job/currentjob")
        if job["job_status"] == "paused":
            await self.do(request, "resume")

    async def token(self, request: APIRequestContext) -> str:
        """Sign in as the documentation of the printer says."""
        timestamp = "1700000000000"
        text = f"password={self.password}&timestamp={timestamp}"
        inner = hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()
        sign = hashlib.md5(inner.encode(), usedforsecurity=False).hexdigest()
        data = await self._get(request, "login", sign=sign, timestamp=timestamp)
        return str(data["token"])

    async def read(self, request: APIRequestContext, path: str) -> dict[str, Any]:
        """Read one of its endpoints."""
        return await self._get(request, path, token=await self.token(request))

    async def _get(
        self, request: APIRequestContext, path: str, **query: str
    ) -> dict[str, Any]:
        url = f"http://{self.host}:{self.port}/v1/{path}"
        answer = await request.get(url, params={**query})
        data: dict[str, Any] = (await answer.json())["data"]
        return data
