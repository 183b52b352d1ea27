#!/usr/bin/env bash
# What: paramiko 5.1.0 signs in at an SFTP server that takes passwords, once with a wrong one, and once with the right one while the directory
#   behind the server answers later than auth_timeout.
# Seen: 2026-11-29, Python 3.11: both raise AuthenticationException, which is no OSError; only the words differ: "Authentication failed." and
#   "Authentication timeout.".
# Why it surprises: the manual says of the exception that authentication failed, and every other deadline of connect() ends in TimeoutError or
#   SSHException. A fetch that rightly does not try a refused password again gives up for good because a server was slow once, and
#   tells somebody to change a password that is right. Tell the two by the words, or keep a clock beside the call.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

python3 -m venv venv
venv/bin/python -m pip install --quiet "paramiko==5.1.0"

cat > expected << 'END'
the right password: signed in
a wrong password: AuthenticationException, an OSError: False: Authentication failed.
the right password, a slow server: AuthenticationException, an OSError: False: Authentication timeout.
END

cat > silence.py << 'END'
import socket
import threading

import paramiko


class Server(paramiko.ServerInterface):
    """Takes a password; the directory behind it needs longer to answer than the client waits."""

    def __init__(self, is_slow):
        self.is_slow = is_slow

    def get_allowed_auths(self, username):
        return "password"

    def check_auth_password(self, username, password):
        if self.is_slow:
            done.wait(20)
        return paramiko.AUTH_SUCCESSFUL if password == "right" else paramiko.AUTH_FAILED


def serve(listener, is_slow):
    connection, _ = listener.accept()
    transport = paramiko.Transport(connection)
    transport.add_server_key(key)
    try:
        transport.start_server(server=Server(is_slow))
    except (EOFError, paramiko.SSHException):
        pass


def sign_in(password, is_slow):
    listener = socket.create_server(("127.0.0.1", 0))
    threading.Thread(target=serve, args=(listener, is_slow), daemon=True).start()
    client = paramiko.SSHClient()
    client.set_missing_host_key_policy(paramiko.AutoAddPolicy())
    try:
        client.connect(
            "127.0.0.1", listener.getsockname()[1], "drop", password,
            auth_timeout=2, look_for_keys=False, allow_agent=False,
        )
        return "signed in"
    except paramiko.AuthenticationException as refused:
        return f"{type(refused).__name__}, an OSError: {isinstance(refused, OSError)}: {refused}"
    finally:
        client.close()


key, done = paramiko.RSAKey.generate(2048), threading.Event()
print("the right password:", sign_in("right", False))
print("a wrong password:", sign_in("wrong", False))
print("the right password, a slow server:", sign_in("right", True))
done.set()
END

venv/bin/python silence.py | tee seen
diff expected seen
