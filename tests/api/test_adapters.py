"""Tests of the MAC addresses that job ids name, and of which ones are believed."""

from custom_components.raise3d.api import Adapters

ETHERNET, WIFI = "00:1d:2e:3f:4a:5b", "0a:1d:2e:3f:4a:5c"
OURS = (ETHERNET, WIFI)
OTHERS = ("00:1d:2e:aa:aa:aa", "00:1d:2e:bb:bb:bb")


def job(addresses: tuple[str, str], number: int) -> str:
    """Return the id of a job; a higher number is a later job."""
    pair = "_".join(address.replace(":", "") for address in addresses)
    return f"{pair.upper()}_7ea0b17080000{number:03x}01"


def resolved(*job_ids: str, known: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Return the addresses that are believed after these jobs."""
    adapters = Adapters()
    adapters.note(job_ids)
    return adapters.resolve(known)


def test_one_job_names_both_addresses() -> None:
    assert resolved(job(OURS, 1)) == OURS


def test_what_is_no_job_id_names_no_address() -> None:
    for job_id in [
        "",
        "020000000001",
        "001D2E3F4A5B_0A1D2E3F4A5C",
        "001D2E3F4A5B_0A1D2E3F4A5C_",
        "001D2E3F4A5B_0A1D2E3F4A5C_later",
        "001D2E3F4A5B_0A1D2E3F4A_7ea0b1708000000101",
        "001D2E3F4A5G_0A1D2E3F4A5C_7ea0b1708000000101",
        "x001D2E3F4A5B_0A1D2E3F4A5C_7ea0b1708000000101",
        job(("00:00:00:00:00:00", "ff:ff:ff:ff:ff:ff"), 1),
        # an address of a group
        job(("01:00:5e:00:00:01", "33:33:00:00:00:01"), 1),
    ]:
        assert resolved(job_id) == (), job_id
        assert resolved(job_id, known=OURS) == OURS, job_id


def test_a_printer_with_one_adapter_has_one_address() -> None:
    assert resolved(job((ETHERNET, "00:00:00:00:00:00"), 1)) == (ETHERNET,)
    assert resolved(job((ETHERNET, ETHERNET), 1)) == (ETHERNET,)


def test_what_is_known_stays_until_two_jobs_differ() -> None:
    assert resolved(job(OTHERS, 9), known=OURS) == OURS
    # the same job is polled many times
    assert resolved(job(OTHERS, 9), job(OTHERS, 9), known=OURS) == OURS
    assert resolved(job(OTHERS, 9), job(OTHERS, 8), known=OURS) == OTHERS


def test_a_job_that_was_brought_from_another_printer_is_outvoted() -> None:
    jobs = [job(OURS, 1), job(OURS, 2), job(OTHERS, 3)]
    assert resolved(*jobs) == resolved(*reversed(jobs)) == OURS


def test_old_jobs_do_not_bring_back_the_addresses_of_an_old_board() -> None:
    past = [job(OTHERS, number) for number in range(24)]
    jobs = [job(OURS, 98), job(OURS, 99), *past]
    assert resolved(*jobs) == resolved(*reversed(jobs), known=OURS) == OURS
