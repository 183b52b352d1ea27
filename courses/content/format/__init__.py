"""The files that an author writes: which keys they may hold, and how a refusal is explained."""
