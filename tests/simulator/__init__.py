"""Tests of the simulated printer."""
