"""Rules of practice: what AWS takes, and what is often a slip of the author."""
