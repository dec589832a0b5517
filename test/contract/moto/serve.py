"""Serves moto on a free port of loopback, and lets the test rewrite history.

Prints one JSON line, {"url": ...}, when it listens. Then reads one JSON command a line from stdin, and answers each with
one line: {"ok": true} or {"error": ...}. Ends with stdin, so that it never outlives the test.

A command dates one user back; whatever it does not name stays as it is:
{"user": NAME, "createdAt": TIME, "passwordLastUsed": TIME,
 "accessKeys": [{"id": ID, "createdAt": TIME, "lastUsed": {"at": TIME, "service": S, "region": R}}]}
"""

import json
import sys
import threading
from datetime import datetime, timezone

try:
    from moto.core import DEFAULT_ACCOUNT_ID
    from moto.dynamodb.responses import DynamoHandler
    from moto.iam.models import AccessKeyLastUsed, iam_backends
    from moto.server import ThreadedMotoServer
except ImportError as error:
    sys.exit(f"{sys.executable} cannot serve moto: {error}")


def take_turns():
    """DynamoDB's transactions are serializable; those of moto mix with other requests, which its threads answer meanwhile."""
    call, lock = DynamoHandler.call_action, threading.Lock()

    def call_alone(handler):
        with lock:
            return call(handler)

    DynamoHandler.call_action = call_alone


def moment(text):
    """Moto keeps times without a zone, in UTC."""
    return datetime.fromisoformat(text.replace("Z", "+00:00")).astimezone(timezone.utc).replace(tzinfo=None)


def date_back(command):
    user = iam_backends[DEFAULT_ACCOUNT_ID]["aws"].get_user(command["user"])
    if "createdAt" in command:
        user.create_date = moment(command["createdAt"])
    if "passwordLastUsed" in command:
        user.password_last_used = moment(command["passwordLastUsed"])
    for change in command.get("accessKeys", []):
        key = user.get_access_key_by_id(change["id"])
        if "createdAt" in change:
            key.create_date = moment(change["createdAt"])
        if "lastUsed" in change:
            use = change["lastUsed"]
            key.last_used = AccessKeyLastUsed(moment(use["at"]), use["service"], use["region"])


def answer_to(line):
    try:
        date_back(json.loads(line))
        return {"ok": True}
    except Exception as error:  # whatever it is, the test must get it
        return {"error": f"{type(error).__name__}: {error}"}


def main():
    take_turns()
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    print(json.dumps({"url": f"http://{host}:{port}"}), flush=True)
    for line in sys.stdin:
        print(json.dumps(answer_to(line)), flush=True)
    server.stop()


main()
