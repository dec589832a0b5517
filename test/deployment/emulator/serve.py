"""Serves ministack on a free port of loopback with a movable clock, TLS, and IAM policies enforced.

    serve.py FOLDER     a folder for its files: its certificate, the code of functions, the clock's file

Prints one JSON line when it listens:
    {"url", "certificate", "key", "clock"}      paths of PEM files; the file that movable-clock.mjs reads
Then reads one JSON command a line from stdin, and answers each with one line, {"answer": ...} or {"error": ...}:
    {"moveTo": TIME}                            the clock; schedules that came due in between fire
    {"call": [SERVICE, OPERATION, PARAMETERS]}  a request to the emulated AWS by its owner, named as in the AWS API
    {"use": NAME, "at": SECONDS or null, ...}   who used what when: see `uses` in additions.py
    {"requests": []}                            every request so far that a policy was asked about
Ends with stdin, so that it never outlives the test.

What ministack leaves out and a deployment needs is in additions.py; what else it leaves out: docs/deployment-test.md.
"""

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import movable_clock  # noqa: E402

movable_clock.install()

import additions  # noqa: E402

import asyncio  # noqa: E402
import datetime  # noqa: E402
import json  # noqa: E402
import logging  # noqa: E402
import shlex  # noqa: E402
import shutil  # noqa: E402
import signal  # noqa: E402
import socket  # noqa: E402
import tempfile  # noqa: E402
import threading  # noqa: E402
import traceback  # noqa: E402

ACCOUNT = "111122223333"
REGION = "eu-central-1"


def prepare(folder):
    """Everything that ministack reads from its environment when it is imported. Gives the socket that it listens on."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.bind(("127.0.0.1", 0))
    os.environ.update(
        GATEWAY_PORT=str(listener.getsockname()[1]),
        MINISTACK_ACCOUNT_ID=ACCOUNT,
        MINISTACK_REGION=REGION,
        AWS_ACCESS_KEY_ID=ACCOUNT,
        AWS_SECRET_ACCESS_KEY="test",
        AUTH="true",
        USE_SSL="1",
        LAMBDA_ASYNC_RETRY_BASE_SECONDS="0.1",
        IOT_MTLS_ENABLED="0",
        SFTP_ENABLED="0",
        LOG_LEVEL="INFO",
        TMPDIR=folder,
        S3_DATA_DIR=os.path.join(folder, "s3"),
    )
    tempfile.tempdir = folder
    # Functions trust the gateway, and the emulator trusts the test's own sinks, by the same certificate.
    for name in ("AWS_ENDPOINT_URL", "AWS_SESSION_TOKEN", "AWS_PROFILE", "HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"):
        os.environ.pop(name, None)
    from ministack.core import tls

    certificate, key = tls.resolve_tls_material()
    for name in ("NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE", "AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE"):
        os.environ[name] = certificate
    clock = os.path.join(folder, "clock")
    os.environ["KEYSWEEP_TEST_CLOCK"] = clock
    move_the_clock_of_functions(folder)
    return listener, certificate, key, clock


def move_the_clock_of_functions(folder):
    """Functions run as `node`, and may have NODE_OPTIONS of their own: a `node` that preloads the clock comes first."""
    preload = os.path.join(os.path.dirname(os.path.abspath(__file__)), "movable-clock.mjs")
    programs = os.path.join(folder, "bin")
    os.makedirs(programs, exist_ok=True)
    command = os.path.join(programs, "node")
    with open(command, "w") as file:
        file.write(f"#!/bin/sh\nexec {shlex.quote(shutil.which('node'))} --import={shlex.quote('file://' + preload)} \"$@\"\n")
    os.chmod(command, 0o755)
    os.environ["PATH"] = f"{programs}{os.pathsep}{os.environ['PATH']}"


def write_clock(path):
    with open(f"{path}.new", "w") as file:
        file.write(str(round(movable_clock.shift() * 1000)))
    os.replace(f"{path}.new", path)


class Commands(threading.Thread):
    """Answers commands while the main thread serves."""

    def __init__(self, url, certificate, clock, stop):
        super().__init__(daemon=True)
        import botocore.session
        from ministack.services import scheduler

        self.clients = {}
        self.session = botocore.session.get_session()
        self.url, self.certificate, self.clock, self.stop = url, certificate, clock, stop
        # Both the background thread and a moved clock look for due schedules; never at the same time.
        self.lock = lock = threading.Lock()
        look = scheduler._tick_schedules

        def look_alone():
            with lock:
                look()

        scheduler._tick_schedules = look_alone
        self.fire_due_schedules = look_alone

    def run(self):
        for line in sys.stdin:
            print(json.dumps(self.answer_to(json.loads(line)), default=plain), flush=True)
        self.stop()

    def answer_to(self, command):
        import botocore.exceptions

        try:
            if "moveTo" in command:
                self.move_to(datetime.datetime.fromisoformat(command["moveTo"].replace("Z", "+00:00")))
                return {"answer": {}}
            if "use" in command:
                additions.uses[command.pop("use")] = command
                return {"answer": {}}
            if "requests" in command:
                return {"answer": additions.requests}
            return {"answer": self.call(*command["call"])}
        except botocore.exceptions.ClientError as error:
            return {"error": {"code": error.response["Error"]["Code"], "message": str(error)}}
        except Exception as error:  # whatever it is, the test must get it
            return {"error": {"code": type(error).__name__, "message": str(error)}}

    def move_to(self, moment):
        # A schedule counts from the first time that the emulator looks at it: before the clock moves.
        self.fire_due_schedules()
        # Nor while it moves: a function that is started in between signs its requests with the time before.
        with self.lock:
            movable_clock.move_to(moment)
            write_clock(self.clock)
        self.fire_due_schedules()

    def call(self, service, operation, parameters):
        from botocore import xform_name
        from botocore.config import Config

        if service not in self.clients:
            self.clients[service] = self.session.create_client(
                service,
                region_name=REGION,
                endpoint_url=self.url,
                verify=self.certificate,
                # Requests of a test mean what they say once; a function may run for minutes.
                config=Config(retries={"total_max_attempts": 1}, read_timeout=600),
            )
        answer = getattr(self.clients[service], xform_name(operation))(**parameters)
        answer.pop("ResponseMetadata", None)
        return answer


def plain(value):
    """What JSON has no form for: times, and bodies (bytes or streams) of UTF-8."""
    if isinstance(value, datetime.datetime):
        return value.astimezone(datetime.timezone.utc).isoformat().replace("+00:00", "Z")
    content = value if isinstance(value, bytes) else value.read()
    return content.decode()


async def serve(listener, certificate, key, clock):
    from hypercorn.asyncio import serve as hypercorn_serve
    from hypercorn.config import Config
    from ministack import app

    # The protocol has stdout for itself.
    for handler in logging.getLogger().handlers:
        if isinstance(handler, logging.StreamHandler):
            handler.setStream(sys.stderr)
    # Of connections that end without TLS's goodbye, as those of the SDK do.
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)
    additions.install()
    config = Config()
    config.bind = [f"fd://{listener.fileno()}"]
    config.certfile, config.keyfile = certificate, key
    config.keep_alive_timeout = 75
    config.accesslog = None
    config.errorlog = None
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    url = f"https://127.0.0.1:{os.environ['GATEWAY_PORT']}"
    commands = Commands(url, certificate, clock, lambda: loop.call_soon_threadsafe(stopped.set))
    server = asyncio.ensure_future(hypercorn_serve(app.app, config, shutdown_trigger=stopped.wait))
    print(json.dumps({"url": url, "certificate": certificate, "key": key, "clock": clock}), flush=True)
    commands.start()
    # Not for the server's own end: it says goodbye to each connection, which takes half a minute.
    await asyncio.wait([server, asyncio.ensure_future(stopped.wait())], return_when=asyncio.FIRST_COMPLETED)
    if server.done():
        await server
    end()


def end():
    """Ends its functions, and the process at once: neither threads of the emulator nor open connections keep it."""
    from ministack.core import lambda_runtime

    lambda_runtime.reset()
    os._exit(0)


def main():
    # Ctrl-C in a terminal is for the person who started this, and closes stdin.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    listener, certificate, key, clock = prepare(sys.argv[1])
    write_clock(clock)
    try:
        asyncio.run(serve(listener, certificate, key, clock))
    except Exception:
        traceback.print_exc()
        os._exit(1)


main()
