"""What comes in with files of many rows, worked off portion by portion: HR files, and past learning."""
