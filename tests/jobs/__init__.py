"""Tests of the job logic."""
