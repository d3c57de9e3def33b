"""Tests of the upkeep, without Home Assistant."""
