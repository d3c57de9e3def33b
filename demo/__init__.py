"""Home Assistant with three simulated printers, to look at and to test against."""
