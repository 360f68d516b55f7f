"""An SMTP server that fails on purpose, in a process of its own; `bench.mail_campaign` starts it.

Every fault is drawn from a list that holds each kind for each command. What the server did is a
log of JSON lines: what it accepted (with a digest of the bytes, the envelope's sender, by which a
sender process is told, and whether it said so), and which faults it put in.
"""

from __future__ import annotations

import hashlib
import json
import random
import socket
import ssl
import sys
import threading
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from email import message_from_bytes
from pathlib import Path

COMMANDS = ("CONNECT", "EHLO", "STARTTLS", "MAIL", "RCPT", "DATA", "END")
REPLIES = ("421 4.3.2 closing", "450 4.2.0 busy", "451 4.3.0 try later", "550 5.7.1 no")
ONLY_ONCE_A_CONNECTION = ("CONNECT", "EHLO", "STARTTLS")
NEVER = "never@"  # an address that is refused for good, whenever it is tried
LATER = "later@"  # an address that is put off, whenever it is tried


def plan(faults: int, seed: int) -> dict[str, list[str]]:
    """The faults by command: every reply, a dropped connection, an answer that comes too late;
    at the end of the text the connection is dropped, and silent, before and after accepting;
    TLS breaks in the middle of its handshake."""
    kinds = [(c, r) for c in COMMANDS for r in (*REPLIES, "drop", "slow")]
    kinds += [("END", "accept-drop"), ("END", "accept-slow"), ("STARTTLS", "broken-tls")]
    chance = random.Random(seed)
    drawn = [kinds[n % len(kinds)] for n in range(faults)]
    chance.shuffle(drawn)
    found: dict[str, list[str]] = {command: [] for command in COMMANDS}
    for command, kind in drawn:
        found[command].append(kind)
    return found


@dataclass
class Server:
    """`mails` are expected in all; answers that are too late come after `slow` seconds."""

    log: Path
    context: ssl.SSLContext
    faults: dict[str, list[str]]
    mails: int
    slow: float
    chance: random.Random
    accepted: set[str] = field(default_factory=set)
    seen: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def write(self, **what: object) -> None:
        with self.lock, self.log.open("a", encoding="utf-8") as file:
            file.write(json.dumps({"at": time.time(), **what}, ensure_ascii=False) + "\n")  # noqa: TID251

    def fault(self, command: str) -> str | None:
        """The fault for this command now, if any: so often that all are used up in time."""
        with self.lock:
            rest = self.faults[command]
            if not rest:
                return None
            left = max(1, self.mails - len(self.accepted))
            often = 0.4 if command in ONLY_ONCE_A_CONNECTION else 1.5 * len(rest) / left
            kind = rest.pop() if self.chance.random() < often else None
        if kind:
            self.write(fault=kind, command=command)
        return kind

    def serve(self, listener: socket.socket) -> None:
        while True:
            line, _ = listener.accept()
            threading.Thread(target=self._guarded, args=(line,), daemon=True).start()

    def _guarded(self, line: socket.socket) -> None:
        with suppress(OSError, EOFError):
            Session(self, line).run()


class Hangup(OSError):
    """The server ends the connection without a word."""


class Session:
    """One connection."""

    def __init__(self, server: Server, line: socket.socket) -> None:
        self.server, self.line = server, line
        self.file = line.makefile("rb")
        self.sender = ""

    def run(self) -> None:
        try:
            self.answer("CONNECT", "220 mail.example.cn ESMTP")
            while words := self.file.readline():
                if not self.obey(words.decode("ascii", "replace").strip()):
                    return
        finally:
            self.file.close()
            self.line.close()

    def obey(self, words: str) -> bool:
        command = words.split(" ", 1)[0].upper()
        if command == "EHLO":
            return self.answer("EHLO", "250-mail.example.cn\r\n250 STARTTLS")
        if command == "STARTTLS":
            return self.secure()
        if command == "MAIL":
            self.sender = words.partition("<")[2].partition(">")[0]
            return self.answer("MAIL", "250 OK")
        if command == "RCPT":
            return self.recipient(words)
        if command == "DATA":
            return self.answer("DATA", "354 go on") and self.text()
        self.say("221 bye" if command == "QUIT" else "250 OK")
        return command != "QUIT"

    def recipient(self, words: str) -> bool:
        for name, reply in ((NEVER, "550 5.1.1 no such user"), (LATER, "450 4.2.2 mailbox full")):
            if f"<{name}" in words:
                self.say(reply)
                return True
        return self.answer("RCPT", "250 OK")

    def secure(self) -> bool:
        fault = self.server.fault("STARTTLS")
        if fault == "broken-tls":
            self.say("220 go on")
            self.line.sendall(b"\x15\x03\x01\x00\x02\x02\x28 no handshake at all")
            raise Hangup
        if not self.react(fault, "220 go on") or (fault and fault[0].isdigit()):
            return fault is not None and not fault.startswith("421")
        self.file.close()
        self.line = self.server.context.wrap_socket(self.line, server_side=True)
        self.file = self.line.makefile("rb")
        return True

    def text(self) -> bool:
        lines = []
        while (line := self.file.readline()) != b".\r\n":
            if not line:
                raise EOFError
            lines.append(line[1:] if line.startswith(b"..") else line)
        content = b"".join(lines)
        fault = self.server.fault("END")
        if fault and not fault.startswith("accept-"):
            return self.react(fault, "")
        name = str(message_from_bytes(content)["Message-ID"]).strip()
        with self.server.lock:
            self.server.accepted.add(name)
        digest = hashlib.sha256(content).hexdigest()
        self.server.write(accepted=name, by=self.sender, digest=digest, said=fault is None)
        self.react(fault and fault.removeprefix("accept-"), "250 2.0.0 taken")
        return fault is None

    def answer(self, command: str, reply: str) -> bool:
        """Says the reply, or puts a fault in its place; whether the connection goes on."""
        fault = self.server.fault(command)
        going_on = self.react(fault, reply)
        return going_on and (fault is None or command != "DATA" or not fault[0].isdigit())

    def react(self, fault: str | None, reply: str) -> bool:
        if fault == "drop":
            raise Hangup
        if fault == "slow":
            time.sleep(self.server.slow)
        elif fault is not None:
            self.say(fault)
            return not fault.startswith("421")
        self.say(reply)
        return True

    def say(self, reply: str) -> None:
        self.line.sendall(f"{reply}\r\n".encode())


def main() -> None:
    """Listens on a free port of this machine, which it prints, until it is ended."""
    settings = json.loads(sys.argv[1])
    folder = Path(settings["folder"])
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    listener = socket.create_server(("127.0.0.1", 0), backlog=64)
    server = Server(
        folder / "server.log",
        context,
        plan(settings["faults"], settings["seed"]),
        settings["mails"],
        settings["slow"],
        random.Random(settings["seed"]),
    )
    print(listener.getsockname()[1], flush=True)
    server.serve(listener)


if __name__ == "__main__":
    main()
