//! Valid Beamtalk programs at random, for property tests.
