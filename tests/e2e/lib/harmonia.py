"""harmonia.py ROOT HOLDER: in harmonia's place, on the host whose root file system is at ROOT
and whose namespaces the process HOLDER has.

It reads what NixOS has made of `services.harmonia`, and serves the store over HTTP: a path is
packed and signed when it is first asked for, and compressed as HARMONIA_COMPRESSION says.
"""

import http.server
import os
import pwd
import socketserver
import subprocess
import sys
import threading
from pathlib import Path

ROOT, HOLDER = Path(sys.argv[1]), sys.argv[2]
COMPRESSION = os.environ.get("HARMONIA_COMPRESSION", "none")
FOLDER = f"/var/harmonia-{COMPRESSION}"
LOCK = threading.Lock()
settings = [line.split() for line in (ROOT / "etc/harmonia.toml").read_text().splitlines() if line]
BIND = next(value for name, value in settings if name == "bind")
KEYS = [value for name, value in settings if name == "key"]
# As systemd does when it hands over a key that is not there.
for key in KEYS:
    if not (ROOT / key.lstrip("/")).exists():
        sys.exit(f"harmonia: no {key}")


def nix(*arguments):
    within = ["nsenter", "--target", HOLDER, "--mount", "--wdns=/", "env", "-i", "PATH=/usr/bin", "HOME=/root"]
    command = [*within, "nix", "--extra-experimental-features", "nix-command", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def pack(digest):
    """The path of this name, in the folder that is served, if the store has it."""
    paths = [path for path in (ROOT / "nix/store").glob(f"{digest}-*") if path.suffix not in (".lock", ".drv")]
    with LOCK:
        if not paths or (ROOT / FOLDER.lstrip("/") / f"{digest}.narinfo").exists():
            return
        path, store = f"/nix/store/{paths[0].name}", f"file://{FOLDER}?compression={COMPRESSION}"
        key = f"&secret-key={KEYS[0]}" if KEYS else ""
        print(nix("copy", "--no-check-sigs", "--to", store + key, path).stderr, flush=True)
        for other in KEYS[1:]:
            nix("store", "sign", "--store", store, "--key-file", other, path)


class Handler(http.server.SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def __init__(self, *arguments):
        super().__init__(*arguments, directory=str(ROOT / FOLDER.lstrip("/")))

    def do_GET(self):
        name = self.path.strip("/")
        if name == "nix-cache-info":
            body = b"StoreDir: /nix/store\nWantMassQuery: 1\nPriority: 50\n"
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            return self.wfile.write(body)
        if name.endswith(".narinfo"):
            pack(name.removesuffix(".narinfo"))
        return super().do_GET()

    def address_string(self):
        return "socket"


class Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True
    request_queue_size = 64
    allow_reuse_address = True


class TcpServer(http.server.ThreadingHTTPServer):
    pass


def listen():
    if not BIND.startswith("unix:"):
        return TcpServer(("127.0.0.1", int(BIND.rsplit(":", 1)[1])), Handler)
    socket = ROOT / BIND.removeprefix("unix:").lstrip("/")
    # Of the folders of /run it may write into its own only.
    if socket.parent != ROOT / "run/harmonia":
        sys.exit(f"harmonia: {socket.parent} is read-only")
    socket.parent.mkdir(exist_ok=True)
    socket.unlink(missing_ok=True)
    server = Server(str(socket), Handler)
    socket.chmod(0o777)
    return server


(ROOT / FOLDER.lstrip("/")).mkdir(exist_ok=True)
listen().serve_forever()
