"""Counts what the integration costs printers and Home Assistant, in virtual time."""
