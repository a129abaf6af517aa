"""`make soak`: all tests many times, now and then beside other work, to see whether they depend on order or on a free machine."""
