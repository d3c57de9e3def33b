"""The network adapters of a printer: its job ids begin with their MAC addresses."""

from collections.abc import Collection, Iterable
import re
from typing import Final

_ADAPTERS: Final = re.compile(r"(([0-9A-F]{12})_([0-9A-F]{12}))_")
# Year to counter, 18 digits where it was seen: sorted as texts, the newest is last.
_TIME: Final = re.compile(r"[0-9A-F]{16,20}")
# Newest jobs that are compared; two of them outvote a job of another printer.
_COMPARED: Final = 3
# Set in the first byte of an address that stands for a group of hosts.
_GROUP: Final = 1

type Addresses = tuple[str, ...]


def read_pairs(job_ids: Iterable[str]) -> frozenset[str]:
    """Return the pairs of addresses in job ids, as they stand there."""
    matches = (_ADAPTERS.match(job_id.upper()) for job_id in job_ids)
    return frozenset(match[1] for match in matches if match)


class Adapters:
    """Learns the MAC addresses of one printer from the ids of its jobs.

    A single id proves little: a job may have come from another printer.
    """

    def __init__(self) -> None:
        """Know no job."""
        self._by_time: dict[str, Addresses] = {}

    def note(self, job_ids: Iterable[str]) -> None:
        """Note job ids that the printer has reported."""
        for job_id in job_ids:
            addresses, time = _split(job_id.strip().upper())
            if addresses:
                self._by_time[time] = addresses
        newest = sorted(self._by_time)[-_COMPARED:]
        self._by_time = {time: self._by_time[time] for time in newest}

    def resolve(self, known: Collection[str]) -> Addresses:
        """Return the addresses, sorted; what is known stays until two jobs differ."""
        votes = list(self._by_time.values())
        if not votes:
            return tuple(known)
        # the newest one of those that are named most often
        best = max(reversed(votes), key=votes.count)
        return tuple(known) if known and votes.count(best) == 1 else best


def _split(job_id: str) -> tuple[Addresses, str]:
    """Return the usable addresses of a job id, and its time; none of an odd one."""
    match = _ADAPTERS.match(job_id)
    if match is None or not _TIME.fullmatch(job_id, match.end()):
        return (), ""
    usable = {digits for digits in match.group(2, 3) if _is_usable(digits)}
    addresses = (bytes.fromhex(digits).hex(":") for digits in usable)
    return tuple(sorted(addresses)), job_id[match.end() :]


def _is_usable(digits: str) -> bool:
    """Whether an address can be that of one adapter: not zero, and no group."""
    return int(digits, 16) != 0 and not int(digits[:2], 16) & _GROUP
