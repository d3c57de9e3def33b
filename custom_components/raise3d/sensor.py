"""Sensors of the Raise3D integration."""

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntityDescription,
    SensorStateClass,
)
from homeassistant.const import (
    EntityCategory,
    UnitOfInformation,
    UnitOfMass,
    UnitOfRatio,
    UnitOfTemperature,
    UnitOfTime,
)
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .api import JobState
from .coordinator import Raise3DConfigEntry
from .cost_sensor import COST_SENSORS, Raise3DCostSensor
from .entity import has_right_nozzle
from .jobs import display_name
from .maintenance_entity import Raise3DRemaining, async_add_maintenance
from .models import PrinterStatus
from .sensor_entity import (
    Raise3DKeptSensor,
    Raise3DLastJobSensor,
    Raise3DLayerSensor,
    Raise3DSensorEntityDescription,
)

PARALLEL_UPDATES = 0


def _truncated(value: float | None) -> int | None:
    """Drop the fraction: 99.9 % is not yet all."""
    return None if value is None else int(value)


def _rounded(value: float | None) -> int | None:
    """Round to whole numbers: tenths would only be noise."""
    return None if value is None else round(value)


# Times are shown in minutes: the frontend rounds hours to hundredths before it cuts
# them to minutes, and would show 62 minutes as "1h 1m".
SENSORS: tuple[Raise3DSensorEntityDescription, ...] = (
    Raise3DSensorEntityDescription(
        key="bed_temperature",
        translation_key="bed_temperature",
        device_class=SensorDeviceClass.TEMPERATURE,
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=UnitOfTemperature.CELSIUS,
        suggested_display_precision=0,
        value_fn=lambda data: _rounded(data.basic.temperature),
        target_fn=lambda data: data.basic.target_temperature,
    ),
    Raise3DSensorEntityDescription(
        key="current_layer",
        translation_key="current_layer",
        entity_class=Raise3DLayerSensor,
        state_class=SensorStateClass.MEASUREMENT,
        value_fn=lambda data: data.job.printed_layers,
    ),
    Raise3DSensorEntityDescription(
        key="elapsed_time",
        translation_key="elapsed_time",
        device_class=SensorDeviceClass.DURATION,
        native_unit_of_measurement=UnitOfTime.SECONDS,
        suggested_unit_of_measurement=UnitOfTime.MINUTES,
        suggested_display_precision=0,
        entity_registry_enabled_default=False,
        value_fn=lambda data: data.job.elapsed,
    ),
    Raise3DSensorEntityDescription(
        key="fan_speed",
        translation_key="fan_speed",
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=UnitOfRatio.PERCENTAGE,
        suggested_display_precision=0,
        entity_registry_enabled_default=False,
        value_fn=lambda data: _rounded(data.basic.fan_speed),
    ),
    Raise3DSensorEntityDescription(
        key="feed_rate",
        translation_key="feed_rate",
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=UnitOfRatio.PERCENTAGE,
        suggested_display_precision=0,
        entity_registry_enabled_default=False,
        value_fn=lambda data: _rounded(data.basic.feed_rate),
    ),
    Raise3DSensorEntityDescription(
        key="file_name",
        translation_key="file_name",
        value_fn=lambda data: display_name(data.job.file_name),
    ),
    Raise3DSensorEntityDescription(
        key="filament_used",
        translation_key="filament_used",
        device_class=SensorDeviceClass.WEIGHT,
        state_class=SensorStateClass.TOTAL_INCREASING,
        native_unit_of_measurement=UnitOfMass.GRAMS,
        suggested_display_precision=0,
        entity_class=Raise3DKeptSensor,
        value_fn=lambda data: data.statistics.filament_used,
    ),
    Raise3DSensorEntityDescription(
        key="filament_used_left",
        translation_key="filament_used_left",
        device_class=SensorDeviceClass.WEIGHT,
        state_class=SensorStateClass.TOTAL_INCREASING,
        native_unit_of_measurement=UnitOfMass.GRAMS,
        suggested_display_precision=0,
        supported_fn=has_right_nozzle,
        entity_class=Raise3DKeptSensor,
        value_fn=lambda data: data.statistics.filament_used_left,
    ),
    Raise3DSensorEntityDescription(
        key="filament_used_right",
        translation_key="filament_used_right",
        device_class=SensorDeviceClass.WEIGHT,
        state_class=SensorStateClass.TOTAL_INCREASING,
        native_unit_of_measurement=UnitOfMass.GRAMS,
        suggested_display_precision=0,
        supported_fn=has_right_nozzle,
        entity_class=Raise3DKeptSensor,
        value_fn=lambda data: data.statistics.filament_used_right,
    ),
    Raise3DSensorEntityDescription(
        key="finish_time",
        translation_key="finish_time",
        device_class=SensorDeviceClass.TIMESTAMP,
        value_fn=lambda data: data.job.finish_at,
    ),
    Raise3DSensorEntityDescription(
        key="job_id",
        translation_key="job_id",
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        value_fn=lambda data: data.job.job_id,
    ),
    Raise3DSensorEntityDescription(
        key="job_status",
        translation_key="job_status",
        device_class=SensorDeviceClass.ENUM,
        options=[state.value for state in JobState],
        entity_registry_enabled_default=False,
        value_fn=lambda data: data.job.state,
    ),
    Raise3DSensorEntityDescription(
        key="last_job_duration",
        translation_key="last_job_duration",
        device_class=SensorDeviceClass.DURATION,
        native_unit_of_measurement=UnitOfTime.SECONDS,
        suggested_unit_of_measurement=UnitOfTime.MINUTES,
        suggested_display_precision=0,
        entity_registry_enabled_default=False,
        entity_class=Raise3DLastJobSensor,
        value_fn=lambda data: data.last_job.real_print_time,
    ),
    Raise3DSensorEntityDescription(
        key="last_job_filament",
        translation_key="last_job_filament",
        device_class=SensorDeviceClass.WEIGHT,
        native_unit_of_measurement=UnitOfMass.GRAMS,
        suggested_display_precision=1,
        entity_registry_enabled_default=False,
        entity_class=Raise3DLastJobSensor,
        value_fn=lambda data: data.last_job.filament_used,
    ),
    Raise3DSensorEntityDescription(
        key="left_flow_rate",
        translation_key="left_flow_rate",
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=UnitOfRatio.PERCENTAGE,
        suggested_display_precision=0,
        entity_registry_enabled_default=False,
        value_fn=lambda data: _rounded(data.left_nozzle.flow_rate),
    ),
    Raise3DSensorEntityDescription(
        key="left_nozzle_temperature",
        translation_key="left_nozzle_temperature",
        device_class=SensorDeviceClass.TEMPERATURE,
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=UnitOfTemperature.CELSIUS,
        suggested_display_precision=0,
        value_fn=lambda data: _rounded(data.left_nozzle.temperature),
        target_fn=lambda data: data.left_nozzle.target_temperature,
    ),
    Raise3DSensorEntityDescription(
        key="print_time_total",
        translation_key="print_time_total",
        device_class=SensorDeviceClass.DURATION,
        state_class=SensorStateClass.TOTAL_INCREASING,
        native_unit_of_measurement=UnitOfTime.SECONDS,
        suggested_unit_of_measurement=UnitOfTime.HOURS,
        suggested_display_precision=0,
        entity_class=Raise3DKeptSensor,
        value_fn=lambda data: data.statistics.print_time,
    ),
    Raise3DSensorEntityDescription(
        key="prints_completed",
        translation_key="prints_completed",
        state_class=SensorStateClass.TOTAL_INCREASING,
        entity_class=Raise3DKeptSensor,
        value_fn=lambda data: data.statistics.prints_completed,
    ),
    Raise3DSensorEntityDescription(
        key="progress",
        translation_key="progress",
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=UnitOfRatio.PERCENTAGE,
        suggested_display_precision=0,
        value_fn=lambda data: _truncated(data.job.progress),
    ),
    Raise3DSensorEntityDescription(
        key="remaining_time",
        translation_key="remaining_time",
        device_class=SensorDeviceClass.DURATION,
        native_unit_of_measurement=UnitOfTime.SECONDS,
        suggested_unit_of_measurement=UnitOfTime.MINUTES,
        suggested_display_precision=2,  # quarters of a minute are exact
        value_fn=lambda data: data.job.remaining,
    ),
    Raise3DSensorEntityDescription(
        key="right_flow_rate",
        translation_key="right_flow_rate",
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=UnitOfRatio.PERCENTAGE,
        suggested_display_precision=0,
        entity_registry_enabled_default=False,
        supported_fn=has_right_nozzle,
        value_fn=lambda data: _rounded(data.right_nozzle.flow_rate),
    ),
    Raise3DSensorEntityDescription(
        key="right_nozzle_temperature",
        translation_key="right_nozzle_temperature",
        device_class=SensorDeviceClass.TEMPERATURE,
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=UnitOfTemperature.CELSIUS,
        suggested_display_precision=0,
        supported_fn=has_right_nozzle,
        value_fn=lambda data: _rounded(data.right_nozzle.temperature),
        target_fn=lambda data: data.right_nozzle.target_temperature,
    ),
    Raise3DSensorEntityDescription(
        key="start_time",
        translation_key="start_time",
        device_class=SensorDeviceClass.TIMESTAMP,
        entity_registry_enabled_default=False,
        value_fn=lambda data: data.job.started_at,
    ),
    Raise3DSensorEntityDescription(
        key="status",
        translation_key="status",
        device_class=SensorDeviceClass.ENUM,
        options=[status.value for status in PrinterStatus],
        available_offline=True,
        value_fn=lambda data: data.status,
    ),
    Raise3DSensorEntityDescription(
        key="storage_free",
        translation_key="storage_free",
        device_class=SensorDeviceClass.DATA_SIZE,
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=UnitOfInformation.KIBIBYTES,
        suggested_unit_of_measurement=UnitOfInformation.GIBIBYTES,
        suggested_display_precision=1,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        value_fn=lambda data: data.system.storage_available,
    ),
    Raise3DSensorEntityDescription(
        key="total_layers",
        translation_key="total_layers",
        value_fn=lambda data: data.job.total_layers,
    ),
    Raise3DSensorEntityDescription(
        key="total_time",
        translation_key="total_time",
        device_class=SensorDeviceClass.DURATION,
        native_unit_of_measurement=UnitOfTime.SECONDS,
        suggested_unit_of_measurement=UnitOfTime.MINUTES,
        suggested_display_precision=0,
        entity_registry_enabled_default=False,
        value_fn=lambda data: data.job.total,
    ),
)

# Of each maintenance task, which has the unit.
REMAINING = SensorEntityDescription(
    key="remaining", translation_key="remaining", suggested_display_precision=0
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: Raise3DConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the sensors of a printer."""
    async_add_entities(
        description.entity_class(entry.runtime_data, description)
        for description in SENSORS
        if description.supported_fn(entry)
    )
    async_add_maintenance(hass, entry, async_add_entities, Raise3DRemaining, REMAINING)
    async_add_entities(
        Raise3DCostSensor(entry.runtime_data, description)
        for description in COST_SENSORS
    )
