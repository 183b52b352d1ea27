"""Very many plain values: kept out of memory, gone through again, and told apart. As if all of them stood in memory."""
