"""Helpers of the tests of the syntax layer."""
