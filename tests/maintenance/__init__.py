"""Tests of the maintenance tasks of a printer."""
