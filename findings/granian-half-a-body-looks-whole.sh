#!/usr/bin/env bash
# What: granian 2.8.7 serves a WSGI application whose body raises after its first piece; gunicorn 27.0.1 serves it too.
# Seen: 2026-11-28, Python 3.11: without a Content-Length the client of granian gets 200, the first piece and the chunk that
#   says "this is the end". The client of gunicorn sees that the rest is missing.
# Why it surprises: by RFC 9112, section 8, a chunked body is whole only when that last chunk came, so a server that lost
#   the rest is expected to close the connection without it. A download that broke is kept as a complete file.
#   Send the Content-Length: with it, the client notices.
set -euo pipefail
folder=$(mktemp -d)
server=
trap 'kill $server 2> /dev/null || true; rm -rf "$folder"' EXIT
cd "$folder"

python3 -m venv venv
venv/bin/python -m pip install --quiet "granian==2.8.7" "gunicorn==27.0.1"

cat > broken.py << 'END'
def app(environ, start_response):
    headers = [("Content-Type", "application/pdf")]
    if environ["PATH_INFO"] == "/with-length":
        headers.append(("Content-Length", "30"))
    start_response("200 OK", headers)
    return body()


def body():
    yield b"half of the file"
    raise OSError("the store went away")
END

cat > ask.py << 'END'
import http.client, sys, time


def answer(path):
    for _ in range(100):
        connection = http.client.HTTPConnection("127.0.0.1", int(sys.argv[2]), timeout=10)
        try:
            connection.request("GET", path)
            return connection.getresponse()
        except ConnectionRefusedError:
            time.sleep(0.1)
    raise SystemExit("the server did not start")


for path in ("/", "/with-length"):
    found = answer(path)
    try:
        print(f"{sys.argv[1]} {path}: {found.status}, whole: {found.read().decode()}")
    except http.client.IncompleteRead:
        print(f"{sys.argv[1]} {path}: {found.status}, broken")
END

cat > expected << 'END'
granian /: 200, whole: half of the file
granian /with-length: 200, broken
gunicorn /: 200, broken
gunicorn /with-length: 200, broken
END

free_port() {
    python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

port=$(free_port)
venv/bin/python -m granian --interface wsgi --host 127.0.0.1 --port "$port" broken:app > granian.log 2>&1 &
server=$!
python3 ask.py granian "$port" | tee seen
kill $server

port=$(free_port)
venv/bin/python -m gunicorn --bind "127.0.0.1:$port" broken:app > gunicorn.log 2>&1 &
server=$!
python3 ask.py gunicorn "$port" | tee -a seen
diff expected seen
