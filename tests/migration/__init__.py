"""Tests of taking over the entries of the two older integrations."""
