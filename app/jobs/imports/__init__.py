"""What comes in with files by the thousand, worked off portion by portion: HR files, and past learning."""
