"""Tests of flows: files in Amazon Connect's own test language, a builder, and what is wrong with a test before it runs."""
