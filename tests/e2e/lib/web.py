"""web.py PORT FOLDER MODE [CERTIFICATE [CA]]: serves a folder over http(s), as a file says.

The file MODE has a word: `open`; `login` (a name and a password are wanted), `private` (for
all but nix-cache-info), `portal` (a page for every question), or a status such as 502.
With CA, only who shows a certificate of it may connect.
"""

import base64
import http.server
import ssl
import sys

PORT, FOLDER, MODE = int(sys.argv[1]), sys.argv[2], sys.argv[3]
LOGIN = "Basic " + base64.b64encode(b"larder:open-sesame-open").decode()


class Handler(http.server.SimpleHTTPRequestHandler):
    def __init__(self, *args):
        super().__init__(*args, directory=FOLDER)

    def do_GET(self):
        mode = open(MODE).read().strip()
        known = self.headers.get("Authorization") == LOGIN
        is_info = self.path.endswith("/nix-cache-info")
        if mode.isdigit():
            self.end(int(mode))
        elif not known and (mode == "login" or mode == "private" and not is_info):
            self.end(401)
        elif mode == "portal":
            self.end(200, b"<html>Welcome to the hotel</html>\n")
        else:
            super().do_GET()

    do_HEAD = do_GET

    def end(self, status, body=b""):
        self.send_response(status)
        if status == 401:
            self.send_header("WWW-Authenticate", 'Basic realm="cache"')
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


server = http.server.ThreadingHTTPServer(("10.77.0.254", PORT), Handler)
if len(sys.argv) > 4:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(sys.argv[4])
    if len(sys.argv) > 5:
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(sys.argv[5])
    server.socket = context.wrap_socket(server.socket, server_side=True)
server.serve_forever()
