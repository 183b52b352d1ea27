"""Where the HR files of an authority come from by themselves: a folder or an SFTP server that is looked at on time.

Which file is read, when, and what is remembered of it. Nothing here opens a file or a line to a server.
"""
