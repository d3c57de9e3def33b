"""Constants of the Raise3D integration."""

from datetime import timedelta
from typing import Final

DOMAIN: Final = "raise3d"
MANUFACTURER: Final = "Raise3D"

# The config entry also keeps what the printer is, so that it loads while it is off.
CONF_FIRMWARE_VERSION: Final = "firmware_version"
CONF_NOZZLE_COUNT: Final = "nozzle_count"
CONF_SERIAL_NUMBER: Final = "serial_number"
CONF_SW_VERSION: Final = "sw_version"

# Fast enough to follow a print, and what owners' clients run at without trouble.
SCAN_INTERVAL: Final = timedelta(seconds=15)
# A printer that is off is asked as often at first, then ever less, up to this.
MAX_OFFLINE_INTERVAL: Final = timedelta(seconds=60)
# Identity, versions and storage change with a visit of a technician, if at all.
SYSTEM_INTERVAL: Final = timedelta(minutes=15)
# A single unreadable or refused answer says nothing about the printer: what was last
# read stays for this long before the entities become unavailable.
GRACE_PERIOD: Final = timedelta(seconds=60)
# Estimates wobble by seconds at each poll; a shift that a person would plan anew for
# is longer than this.
FINISH_TIME_TOLERANCE: Final = timedelta(minutes=2)
