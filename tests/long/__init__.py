"""`make test-long`: sweeps, damaged files, random projects, the hammer and long tests. The whole takes hours; a share, less."""
