"""Tests of captures: what is in them, how they are played, what they settle."""
