"""A receiver of webhooks, to try them out: ``python webhook_receiver.py FILE``, where FILE holds the secret.

Prints its address, and then the type and the subject of each message whose signature is right; its data too, if another
word follows FILE. A receiver that does something with a message also remembers its ``webhook-id``: the same message may
come twice.
"""

import json
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

from standardwebhooks import Webhook, WebhookVerificationError


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        # as it came: what is parsed and written again is not what was signed
        body = self.rfile.read(int(self.headers["Content-Length"]))
        try:
            message = Webhook(Path(sys.argv[1]).read_text("ascii").strip()).verify(body, dict(self.headers))
        except WebhookVerificationError:
            self.send_response(401)
        else:
            data = f" {json.dumps(message['data'])}" if sys.argv[2:] else ""
            sys.stdout.write(f"{message['type']} {message['subject']}{data}\n")
            sys.stdout.flush()
            self.send_response(204)
        self.end_headers()


server = HTTPServer(("127.0.0.1", 0), Receiver)
sys.stdout.write(f"http://127.0.0.1:{server.server_port}/\n")
sys.stdout.flush()
server.serve_forever()
