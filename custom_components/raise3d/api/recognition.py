"""Recognizes a printer at an address by its documentation page, without a login."""

from http import HTTPStatus
from typing import Final

from aiohttp import ClientResponse, ClientSession, ClientTimeout, hdrs
from yarl import URL

from .aiohttp_errors import no_retry_middleware, translate_client_errors
from .const import MAX_PAGE_SIZE, PAGE_TIMEOUT, SEARCH_CONNECT_TIMEOUT
from .exceptions import Raise3DError

_TITLE: Final = b"Raise Touch Remote Access API"
_TIMEOUT: Final = ClientTimeout(total=PAGE_TIMEOUT, sock_connect=SEARCH_CONNECT_TIMEOUT)
# One connection, one page, as it is: what is decompressed has no limit.
_HEADERS: Final = {hdrs.CONNECTION: "close", hdrs.ACCEPT_ENCODING: "identity"}


async def is_printer(session: ClientSession, host: str, port: int) -> bool:
    """Whether the documentation page of a printer is at an address.

    That takes one connection, and no secret.
    """
    try:
        with translate_client_errors("/"):
            async with session.get(
                URL.build(scheme="http", host=host, port=port, path="/"),
                headers=_HEADERS,
                timeout=_TIMEOUT,
                allow_redirects=False,
                middlewares=(no_retry_middleware,),
            ) as response:
                return response.status == HTTPStatus.OK and await _has_title(response)
    except Raise3DError:
        return False


async def _has_title(response: ClientResponse) -> bool:
    """Whether the start of a page contains the title of the documentation."""
    page = b""
    async for chunk in response.content.iter_any():
        page = (page + chunk)[:MAX_PAGE_SIZE]
        if _TITLE in page or len(page) == MAX_PAGE_SIZE:
            break
    return _TITLE in page
