"""Tests of the Raise3D integration and of its simulator."""
