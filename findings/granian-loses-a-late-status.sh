#!/usr/bin/env bash
# What: granian 2.8.7 serves a WSGI application that is a generator: it calls start_response when its body is first asked
#   for. gunicorn 27.0.1 serves it too.
# Seen: 2026-11-28, Python 3.11: the client of granian gets 200 and none of the headers. That of gunicorn gets the 404 and them.
# Why it surprises: PEP 3333 says that servers "must not assume that start_response() has been called before they begin
#   iterating over the iterable". A small middleware that is written with "yield" works everywhere else; behind granian its
#   refusals become 200, and security headers are gone, without a line in the log.
#   Call start_response before the application returns, as Flask does.
set -euo pipefail
folder=$(mktemp -d)
server=
trap 'kill $server 2> /dev/null || true; rm -rf "$folder"' EXIT
cd "$folder"

python3 -m venv venv
venv/bin/python -m pip install --quiet "granian==2.8.7" "gunicorn==27.0.1"

cat > late.py << 'END'
def app(environ, start_response):
    start_response("404 Not Found", [("Content-Type", "text/plain"), ("X-Frame-Options", "DENY")])
    yield b"There is nothing here"
END

cat > ask.py << 'END'
import http.client, sys, time

for _ in range(100):
    connection = http.client.HTTPConnection("127.0.0.1", int(sys.argv[2]), timeout=10)
    try:
        connection.request("GET", "/")
        found = connection.getresponse()
        break
    except ConnectionRefusedError:
        time.sleep(0.1)
else:
    raise SystemExit("the server did not start")
print(f"{sys.argv[1]}: {found.status}, {found.headers['X-Frame-Options']}, {found.read().decode()}")
END

cat > expected << 'END'
granian: 200, None, There is nothing here
gunicorn: 404, DENY, There is nothing here
END

free_port() {
    python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

port=$(free_port)
venv/bin/python -m granian --interface wsgi --host 127.0.0.1 --port "$port" late:app > granian.log 2>&1 &
server=$!
python3 ask.py granian "$port" | tee seen
kill $server

port=$(free_port)
venv/bin/python -m gunicorn --bind "127.0.0.1:$port" late:app > gunicorn.log 2>&1 &
server=$!
python3 ask.py gunicorn "$port" | tee -a seen
diff expected seen
