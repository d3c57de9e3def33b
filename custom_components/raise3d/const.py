"""Constants of the Raise3D integration."""

from datetime import timedelta
from typing import Final

DOMAIN: Final = "raise3d"
MANUFACTURER: Final = "Raise3D"

# What the config entry keeps of the printer, so that it loads while the printer is off.
CONF_FIRMWARE_VERSION: Final = "firmware_version"
CONF_MAC_ADDRESSES: Final = "mac_addresses"
CONF_NOZZLE_COUNT: Final = "nozzle_count"
CONF_SERIAL_NUMBER: Final = "serial_number"
CONF_SW_VERSION: Final = "sw_version"

# A maintenance task is a subentry: its title is the name of the task.
SUBENTRY_TASK: Final = "maintenance_task"
CONF_COUNTED: Final = "counted"
CONF_INTERVAL: Final = "interval"
CONF_PRESET: Final = "preset"

# An option: whether the own networks may be searched for a printer that is gone.
CONF_SEARCH_AGAIN: Final = "search_again"

# Seconds between two polls of the same thing. Each is a request, and the printer's web
# server is small.
STATE_INTERVAL: Final = 30.0  # nobody wonders about a delay of that length
JOB_INTERVAL: Final = 15.0  # follows layers and progress of a print
NEAR_END_INTERVAL: Final = 3.0  # so that the end is reported within seconds
HEATING_INTERVAL: Final = 15.0  # a nozzle needs minutes, a bed more
TEMPERATURES_PRINTING_INTERVAL: Final = 90.0  # a regulated heater stays where it is
TEMPERATURES_IDLE_INTERVAL: Final = 180.0  # cooling down takes most of an hour
PREVIEW_INTERVAL: Final = 120.0  # while it fails, doubled each time: a print goes on
SLOW_INTERVAL: Final = 15 * 60.0  # versions, totals, camera: a few times a day
AFTER_COMMAND_INTERVAL: Final = 2.0  # someone has pressed a button and is watching
# The targets change a second or two after the command.
AFTER_COMMAND_TEMPERATURES_INTERVAL: Final = 5.0
OFFLINE_INTERVAL: Final = 15.0  # at first: it may only be a restart
MAX_OFFLINE_INTERVAL: Final = 60.0  # then: the longest wait after switching it on
# A side endpoint that fails is read again while its values are kept, so that a single
# bad answer is never seen; then less and less often.
FAILURE_RETRY_INTERVAL: Final = 30.0
MAX_FAILURE_INTERVAL: Final = 5 * 60.0  # what changes by the minute is back soon

# Seconds of frequent polls after a command: its effect shows within that time.
AFTER_COMMAND_PERIOD: Final = 20.0
# Seconds of frequent polls near the end; an estimate that is worse gets no more.
NEAR_END_PERIOD: Final = 10 * 60.0
# Seconds of remaining time, or percent of the file, from which on the end is near. The
# last percent counts again: of a long print, three percent are more than ten minutes.
NEAR_END_REMAINING: Final = 60
NEAR_END_PROGRESS: Final = (97.0, 99.0)
# Kelvin between a heater and its target that count as heating: regulation stays below.
HEATING_MARGIN: Final = 3.0
# Kelvin by which a regulated heater swings; a shown value stands still meanwhile.
HEATING_SWING: Final = 2.0

# °C at which a nozzle or the bed counts as hot: what is cooler burns nobody, and needs
# no fan.
HOT: Final = 50.0
# Seconds without a sign of use before a printer counts as not in use: a person who
# changes the filament or starts the next print takes less between two steps.
IN_USE_PERIOD: Final = 2 * 60.0

# Seconds between two states of the current layer: a print has hundreds of them, and
# nobody plans by less than a minute.
LAYER_INTERVAL: Final = 60.0
# Layers at the end of a print of which each is shown at once: someone may be watching.
LAST_LAYERS: Final = 5

# Seconds. A printer that boots also takes no connections for a while.
API_OFF_AFTER: Final = 5 * 60.0
# Seconds. A single unreadable or refused answer says nothing about the printer: its
# last data are shown for this long before the entities become unavailable.
GRACE_PERIOD: Final = 60.0
# Seconds without a poll after which events are late: longer than any interval at which
# a printer that answers is polled.
LATE_AFTER: Final = 120.0
# Seconds before a history that could not be read is read again; each failure
# doubles it, because a busy printer gets no less busy by requests.
HISTORY_RETRY_INTERVAL: Final = 15.0
# Seconds. Where the end of a print depends on the history, at most that often: it is
# reported within five minutes, with it or without it.
MAX_END_RETRY_INTERVAL: Final = 60.0
# Seconds for which a refused password is tried again before the user is asked: a
# printer that boots may refuse the right one. That takes six logins, and leaves some of
# the budget for someone who presses a button meanwhile.
SIGN_IN_PERIOD: Final = 5 * 60.0
SIGN_IN_INTERVAL: Final = 60.0  # as often as a printer that is off
# Seconds for which totals and the last job are read at each poll after a print has
# been completed, until they contain it: some printers write the entry later.
FIGURES_PERIOD: Final = 5 * 60.0
# Estimates wobble by seconds at each poll; a shift that changes a person's plans
# is longer than this.
FINISH_TIME_TOLERANCE: Final = timedelta(minutes=2)

# °C. In a warm room a printer never gets below 25, and above 150 a nozzle still melts
# filament.
COOLED_DOWN_TEMPERATURE: Final = HOT
COOLED_DOWN_RANGE: Final = (25.0, 150.0)
# Minutes: nobody waits for an end that is more than four hours away.
MAX_FINISHES_SOON: Final = 240

# Seconds for which a still of the camera is shared: many cards fetch one each.
STILL_LIFETIME: Final = 2.0
# Seconds between two reads of the login of a camera that does not answer: each is a
# request to the printer, and cards fetch stills all day.
CAMERA_LOGIN_PAUSE: Final = 30.0
# Seconds for which the event of an end waits for its picture: a camera in the same
# network answers at once, and a notification may come this much later.
PICTURE_TIMEOUT: Final = 3.0
# Percent of the file from which the part looks finished: a still is taken in reserve,
# in case the camera fails at the end.
PICTURE_PROGRESS: Final = 98.0
# Pictures of ends that are kept of a printer: those of a busy week.
MAX_PICTURES: Final = 20
# Bytes. JPEGs of the camera have a few hundred KB; 20 of them are no more than 40 MiB.
MAX_PICTURE_SIZE: Final = 2 * 1024 * 1024
PICTURES_VERSION: Final = 1
# Pixels of a preview: sharp on a card; the printer makes up to 1024.
PREVIEW_SIZE: Final = 512
# Pixels of a preview in the media browser, which shows small tiles.
THUMBNAIL_SIZE: Final = 256
# Thumbnails that are kept, of some 50 KB each, and for how many seconds: a file may be
# replaced by another one of its name.
MAX_THUMBNAILS: Final = 100
THUMBNAIL_LIFETIME: Final = 10 * 60.0

# Prints of the history in the media browser: their pictures are requests, and nobody
# goes through more than this.
MAX_SHOWN_PRINTS: Final = 100
# Jobs of one answer of get_print_history: each of them is a request to the printer.
MAX_HISTORY: Final = 100
# Bytes read at a time for an upload: little beside 500 MB, much beside a system call.
UPLOAD_CHUNK: Final = 256 * 1024
# KiB left on the printer below which a large file may not fit any more.
STORAGE_LOW: Final = 512 * 1024

# Keys of entities that other modules find by them.
CALENDAR_KEY: Final = "prints"
CAMERA_KEY: Final = "camera"
JOB_EVENT_KEY: Final = "job"

# Beyond the 15 minutes for which triggers of calendars read ahead: they fire at an end
# that they have read, and this one moves on.
OPEN_END_MARGIN: Final = timedelta(minutes=20)

# Characters: Home Assistant refuses states that are longer.
MAX_NAME_LENGTH: Final = 255

# 1 stored one job of the history, 2 a bookmark of its end.
STORAGE_VERSION: Final = 2

# Jobs that are kept in the log of a printer: some three years of a busy one, and about
# a megabyte on disk and in memory.
MAX_LOGGED_JOBS: Final = 2000
JOB_LOG_VERSION: Final = 1
JOB_LOG_MINOR_VERSION: Final = 1
# Seconds until a change of the log is stored: most come in twos and threes.
JOB_LOG_DELAY: Final = 15.0
# Seconds without anything new in the log until its long-term statistics are written:
# an import brings hundreds of jobs, and each of them changes all later sums.
STATISTICS_DELAY: Final = 60.0
MAX_STATISTICS_DELAY: Final = 60 * 60.0  # an import that is slow is seen meanwhile

MAINTENANCE_VERSION: Final = 1
# Hours, grams, prints or days: a hundred kilograms, or eleven years of printing.
MAX_TASK_INTERVAL: Final = 100_000
# Seconds until what was counted is stored: an end brings more than one change.
MAINTENANCE_DELAY: Final = 15.0

# Seconds for which a plug or a tariff may be unknown: a plug that boots takes less, and
# a printer uses less than a cent meanwhile.
PLUG_GAP: Final = 60.0
# kW that no plug gives: a meter that counts more in one step has only shown something
# else in between.
MAX_PLUG_POWER: Final = 11.0
# Share of a print for which the power may be unknown in all, where that is longer.
GAPS_SHARE: Final = 0.01
# Seconds for which a price may be unknown if it is the same afterwards: a tariff that
# changes and changes back takes longer, a start of Home Assistant less.
SAME_PRICE_GAP: Final = 3600.0
# Seconds after which the start or the end of a print was not seen: the energy until
# then is not its own. Longer than any interval at which an idle printer is polled.
UNSEEN_AFTER: Final = 120.0
# Completed prints whose grams may still come: more are never late at once.
MAX_AWAITED: Final = 20
COSTS_VERSION: Final = 1
# Seconds until how far a print has come is stored, which only matters where its end is
# not seen.
PROGRESS_SAVE_DELAY: Final = 60 * 60.0
# Seconds until what was imported is stored: it can be read again, and each time the
# whole log is written.
IMPORT_SAVE_DELAY: Final = 10 * 60.0
# Requests of the import at the end of an idle poll, and the seconds between two such
# polls: 240 an hour beside the 195 of an idle printer, less than a print takes.
IMPORT_REQUESTS: Final = 2
IMPORT_INTERVAL: Final = 25.0
# Seconds before it begins: the start of Home Assistant has more urgent things to read,
# and the end of a print has its figures read for the sensors of the last job.
IMPORT_START_DELAY: Final = 60.0
# Seconds before what failed in the import is tried again, doubled by each failure up to
# an hour. Nobody waits for it.
IMPORT_RETRY_INTERVAL: Final = 60.0
MAX_IMPORT_RETRY_INTERVAL: Final = 60 * 60.0
# Failures in a row after which an entry of the history stays without its figures. With
# 1, 2, 4 and 8 minutes between them a quarter of an hour has passed: a printer has long
# booted, and what is damaged stays so.
MAX_IMPORT_TRIES: Final = 5

# Addresses that are searched at most: a /22, as large as a home or a print farm is.
MAX_SEARCHED: Final = 1024
# Addresses that are searched at a time: a /24 takes two rounds, which is less than ten
# seconds even where every host hangs.
SEARCHED_AT_A_TIME: Final = 128
# Seconds after which a printer is searched for, where that is allowed: someone who only
# switches it off and on, or moves it to another table, is done by then.
GONE_AFTER: Final = 60 * 60.0
# Seconds between two checks of which printers are gone: nothing is sent, and a minute
# more or less does not matter.
GONE_INTERVAL: Final = 60.0
# Seconds for the address of a host name: whoever has searched waits for the list.
RESOLVE_TIMEOUT: Final = 2.0
# Steps in which the progress of a search is shown: each is a message to the browser.
SEARCH_STEPS: Final = 20
