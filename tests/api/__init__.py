"""Tests of the client, which know no Home Assistant."""
