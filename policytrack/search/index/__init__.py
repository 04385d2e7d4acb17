"""Keep the index of this machine: how it lies on the disk, is written, held open, and follows."""
