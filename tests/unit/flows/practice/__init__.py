"""Rules of practice: each has a smallest flow that it finds, and a near one that it leaves alone."""
