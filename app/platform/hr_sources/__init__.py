"""Where HR files come from: folders and SFTP servers, opened with deadlines. A web process never imports ``sftp``."""
