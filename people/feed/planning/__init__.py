"""What a file would do, worked out before anything is done. Pure: the same rows and record give the same plan."""
