"""Where mails leave: to an SMTP server, or into a folder where there is none."""

from __future__ import annotations

import re
import smtplib  # noqa: TID251 - the one place
import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email import policy
from email.message import EmailMessage
from hashlib import sha256
from pathlib import Path
from socket import gaierror
from typing import Literal

from monitor.errors import MonitorError, system_words
from monitor.files import safe_name, write_whole

Send = Callable[[EmailMessage], None]
"""Hands over one mail; returns once it is accepted, else raises SendError."""


_TROUBLES: Mapping[type[Exception], str] = {
    smtplib.SMTPServerDisconnected: "服务器中断了连接",
    ConnectionRefusedError: "服务器拒绝连接",
    ConnectionResetError: "服务器中断了连接",
    BrokenPipeError: "服务器中断了连接",
    TimeoutError: "等待服务器应答超时",
    gaierror: "找不到服务器（域名无法解析）",
}


class SendError(MonitorError):
    """A mail was not accepted, or it is not known whether it was.

    `words` are the server's, or the system's. `temporary`: trying again later can help.
    `unknown_outcome`: the server had the whole mail and never said whether it took it, so that
    a second try could arrive as a second copy.
    """

    def __init__(self, words: str, *, temporary: bool, unknown_outcome: bool = False) -> None:
        super().__init__(words)
        self.words, self.temporary, self.unknown_outcome = words, temporary, unknown_outcome


@dataclass(frozen=True, slots=True)
class MailServer:
    """An SMTP server and how to speak to it. `timeout` in seconds, for every answer of it.

    `security` is STARTTLS, TLS from the start (SMTPS), or none; certificates are verified,
    against `ca_file` where the server's is not signed by a public authority. The password
    stays out of every text.
    """

    host: str
    port: int
    sender: str
    sender_name: str
    security: Literal["starttls", "tls", "none"] = "starttls"
    user: str = ""
    password: str = field(default="", repr=False)
    timeout: float = 30
    ca_file: str | None = None


def smtp_sender(server: MailServer) -> Send:
    """A sender that opens a connection for each mail, and sends it to its one recipient."""

    def send(mail: EmailMessage) -> None:
        with _connected(server) as smtp:
            _envelope(smtp, server.sender, _recipient(mail))
            _hand_over(smtp, mail.as_bytes(policy=policy.SMTP))

    return send


def _recipient(mail: EmailMessage) -> str:
    (address,) = mail["To"].addresses
    return str(address.addr_spec)


@contextmanager
def _connected(server: MailServer) -> Iterator[smtplib.SMTP]:
    """A greeted, encrypted and authenticated connection. Raises SendError, always temporary."""
    with _not_the_mails_fault(server):
        smtp = _connect(server)
    try:
        with _not_the_mails_fault(server):
            _authenticate(smtp, server)
        yield smtp
        with suppress(OSError, smtplib.SMTPException):  # the mail is accepted, come what may
            smtp.quit()
    finally:
        smtp.close()


@contextmanager
def _not_the_mails_fault(server: MailServer) -> Iterator[None]:
    """What fails here is the connection's or the settings' matter: the mail waits."""
    try:
        yield
    except (OSError, smtplib.SMTPException) as error:
        raise SendError(f"{server.host}:{server.port} {_words(error)}", temporary=True) from error
    except UnicodeEncodeError:  # whose words would quote the password
        raise SendError("用户名或密码中有非 ASCII 字符，邮件协议不支持", temporary=True) from None


def _connect(server: MailServer) -> smtplib.SMTP:
    # Named after the sender's domain: asking the network for this machine's name can hang.
    name = server.sender.rpartition("@")[2]
    if server.security == "tls":
        return smtplib.SMTP_SSL(
            server.host, server.port, name, timeout=server.timeout, context=_trust(server)
        )
    return smtplib.SMTP(server.host, server.port, name, timeout=server.timeout)


def _authenticate(smtp: smtplib.SMTP, server: MailServer) -> None:
    if server.security == "starttls":
        smtp.starttls(context=_trust(server))
    if server.user:
        smtp.login(server.user, server.password)


def _trust(server: MailServer) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=server.ca_file)


def _envelope(smtp: smtplib.SMTP, sender: str, recipient: str) -> None:
    """MAIL, RCPT and DATA, up to the server's leave to send the text: nothing is sent yet."""
    try:
        smtp.ehlo_or_helo_if_needed()
        # A refused sender is a matter of the settings: the mail waits until they are mended.
        _expect(smtp.mail(sender), 250, permanent=False)
        _expect(smtp.rcpt(recipient), 250, 251)
        _expect(smtp.docmd("DATA"), 354)
    except (OSError, smtplib.SMTPException) as error:
        raise SendError(_words(error), temporary=True) from error


def _hand_over(smtp: smtplib.SMTP, content: bytes) -> None:
    """The text and its final dot. Silence from here on leaves the outcome unknown."""
    try:
        smtp.send(re.sub(rb"(?m)^\.", b"..", content).removesuffix(b"\r\n") + b"\r\n.\r\n")
        reply = smtp.getreply()
    except (OSError, smtplib.SMTPException) as error:
        raise SendError(_words(error), temporary=False, unknown_outcome=True) from error
    _expect(reply, 250)


def _expect(reply: tuple[int, bytes], *codes: int, permanent: bool = True) -> None:
    code, words = reply
    if code not in codes:
        text = f"{code} {words.decode('utf-8', 'replace')}"
        raise SendError(text, temporary=not permanent or code < 500)


def _words(error: Exception) -> str:
    """The server's code and words where it spoke, else what happened, in Chinese if we know it."""
    if isinstance(error, smtplib.SMTPResponseException):
        said = error.smtp_error
        text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
        return f"{error.smtp_code} {text}"
    known = (words for kind, words in _TROUBLES.items() if isinstance(error, kind))
    return next(known, str(error)) or type(error).__name__


def folder_sender(folder: Path) -> Send:
    """A sender that puts every mail into `folder` as `<subject>-<id>.eml`, whole or not at all.

    The name hangs on the Message-ID: the same mail sent twice is one file.
    """

    def send(mail: EmailMessage) -> None:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            write_whole(folder / _file_name(mail), mail.as_bytes(policy=policy.SMTP))
        except OSError as error:
            raise SendError(f"{folder}：{system_words(error)}", temporary=True) from error

    return send


def _file_name(mail: EmailMessage) -> str:
    """Readable and unique: file systems take 255 bytes, a Chinese character is three."""
    subject = safe_name(str(mail["Subject"]))[:60].strip("._")
    return f"{subject}-{sha256(str(mail['Message-ID']).encode()).hexdigest()[:12]}.eml"
