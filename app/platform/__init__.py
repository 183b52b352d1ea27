"""What every page, job and command of the application stands on: access, the unit of work, queue, storage and mail."""
