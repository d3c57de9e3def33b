"""Tests of the blueprints, each of them as an automation that is really run."""
