"""The action that sums up what was printed in a period, for whom and at what price."""

from datetime import timedelta
from typing import Final

import voluptuous as vol

from homeassistant.core import ServiceCall, ServiceResponse
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.typing import VolDictType
from homeassistant.util import dt as dt_util
from homeassistant.util.json import JsonObjectType

from .const import CONF_NOZZLE_COUNT, DOMAIN
from .coordinator import Raise3DConfigEntry
from .jobs.summary import as_csv, count_undated, sums_by_tag, sums_of, within

ATTR_CSV: Final = "csv"
ATTR_END: Final = "end"
ATTR_START: Final = "start"

SUMMARY_FIELDS: Final[VolDictType] = {
    vol.Optional(ATTR_START): cv.datetime,
    vol.Optional(ATTR_END): cv.datetime,
    vol.Optional(ATTR_CSV, default=False): cv.boolean,
}


def summarize(entry: Raise3DConfigEntry, call: ServiceCall) -> ServiceResponse:
    """Return the sums over the jobs that have ended in a period, by user tag.

    Times without a zone are those of Home Assistant.
    """
    end = dt_util.as_local(call.data.get(ATTR_END, dt_util.utcnow()))
    # at the first moment of a month, it is the one before
    last = dt_util.as_local(dt_util.as_utc(end) - timedelta(microseconds=1))
    month = dt_util.start_of_local_day(last.replace(day=1))
    start = dt_util.as_local(call.data.get(ATTR_START, month))
    if start > end:
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="end_before_start"
        )
    nozzles = entry.data[CONF_NOZZLE_COUNT]
    currency = call.hass.config.currency
    logged = [job.in_currency(currency) for job in entry.runtime_data.log.jobs]
    jobs = within(logged, start, end)
    response: JsonObjectType = {
        "start": start.isoformat(),
        "end": end.isoformat(),
        "currency": currency,
        "tags": [dict(sums) for sums in sums_by_tag(jobs, nozzles=nozzles)],
        "total": dict(sums_of(jobs, nozzles=nozzles)),
        "undated": count_undated(logged),
    }
    if call.data[ATTR_CSV]:
        response["csv"] = as_csv(jobs, dt_util.get_default_time_zone())
    return response
