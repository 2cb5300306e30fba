"""Tests of the drivers: real pyserial, real ptys, simulated devices."""
