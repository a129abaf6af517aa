"""Tests of telephone numbers."""
