"""Tests of the kernel model that no timeline reaches."""
