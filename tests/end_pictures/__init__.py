"""Tests of the pictures of ends: of this print, from its end, and there in time."""
