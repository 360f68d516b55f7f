"""Where mails leave: to an SMTP server, or into a folder where there is none."""

from __future__ import annotations

import re
import smtplib  # noqa: TID251 - the one place
import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from socket import gaierror
from time import monotonic
from typing import Literal

from monitor.errors import MonitorError, system_words
from monitor.files import safe_name, write_whole


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A mail as it leaves: its one recipient's address, and its bytes as they are to arrive."""

    recipient: str
    message_id: str
    subject: str
    content: bytes


Send = Callable[[Outgoing], str]
"""Hands over one mail; gives the server's words once it is accepted, else raises SendError."""

_TROUBLES: Mapping[type[Exception], str] = {
    smtplib.SMTPServerDisconnected: "服务器中断了连接",
    ConnectionRefusedError: "服务器拒绝连接",
    ConnectionResetError: "服务器中断了连接",
    BrokenPipeError: "服务器中断了连接",
    TimeoutError: "等待服务器应答超时",
    gaierror: "找不到服务器（域名无法解析）",
}
_CLOSING = 421
_PATIENCE = 10
"""So many times its time-out a server may take up to the text: answers can come byte by byte."""
_ADDRESS = re.compile(r"[!-;=?-~]+@[!-;=?-~]+")
_PERHAPS = "（正文已送出，对方也可能已收到；重试时编号不变）"


def is_address(text: str) -> bool:
    """Whether an envelope can carry it: ASCII, without blanks and angle brackets."""
    return _ADDRESS.fullmatch(text) is not None


class SendError(MonitorError):
    """A mail was not accepted, or it is not known whether it was.

    `words` are the server's, or the system's. `temporary`: trying again later can help.
    `of_server`: the connection or the settings are at fault, so that other mails will fare no
    better. `hung_up`: the server ended the connection before it was given the text.
    """

    def __init__(
        self, words: str, *, temporary: bool, of_server: bool = False, hung_up: bool = False
    ) -> None:
        super().__init__(words)
        self.words, self.temporary = words, temporary
        self.of_server, self.hung_up = of_server, hung_up


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


@contextmanager
def smtp_post(server: MailServer) -> Iterator[Send]:
    """A sender that keeps one connection for many mails, and opens a new one after trouble."""
    line = _Line(server)
    try:
        yield line.send
    finally:
        line.quit()


class _Line:
    """A connection to the server, opened at the first mail."""

    def __init__(self, server: MailServer) -> None:
        self._server = server
        self._smtp: smtplib.SMTP | None = None

    def send(self, mail: Outgoing) -> str:
        used = self._is_alive()
        try:
            return self._try(mail)
        except SendError as error:
            # Servers end a connection after some mails or minutes: that is no mail's failure.
            if not (used and error.hung_up):
                raise
        return self._try(mail)

    def _is_alive(self) -> bool:
        """Whether a connection from before still answers; the mail before it is forgotten."""
        if self._smtp is None:
            return False
        try:
            if self._smtp.rset()[0] == 250:
                return True
        except (OSError, smtplib.SMTPException):
            pass
        self.close()
        return False

    def _try(self, mail: Outgoing) -> str:
        began = monotonic()
        if self._smtp is None:
            self._smtp = _connected(self._server)
        try:
            _envelope(self._smtp, self._server.sender, mail.recipient)
            if monotonic() - began > _PATIENCE * self._server.timeout:
                raise SendError("服务器应答过慢", temporary=True, of_server=True)
            return _hand_over(self._smtp, mail.content)
        except SendError as error:
            if error.of_server or error.hung_up:
                self.close()
            raise

    def quit(self) -> None:
        if self._smtp is not None:
            with suppress(OSError, smtplib.SMTPException):  # the mails are accepted, come what may
                self._smtp.quit()
        self.close()

    def close(self) -> None:
        if self._smtp is not None:
            self._smtp.close()
        self._smtp = None


def _connected(server: MailServer) -> smtplib.SMTP:
    """A greeted, encrypted and authenticated connection. Raises SendError, always temporary."""
    with _not_the_mails_fault(server):
        smtp = _connect(server)
    try:
        with _not_the_mails_fault(server):
            _authenticate(smtp, server)
            smtp.ehlo_or_helo_if_needed()
    except SendError:
        smtp.close()
        raise
    return smtp


@contextmanager
def _not_the_mails_fault(server: MailServer) -> Iterator[None]:
    """What fails here is the connection's or the settings' matter: the mail waits."""
    try:
        yield
    except (OSError, smtplib.SMTPException) as error:
        words = f"{server.host}:{server.port} {_words(error)}"
        raise SendError(words, temporary=True, of_server=True) from error
    except UnicodeEncodeError:  # whose words would quote the password
        raise SendError(
            "用户名或密码中有非 ASCII 字符，邮件协议不支持", temporary=True, of_server=True
        ) from None


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
    if not is_address(recipient):
        raise SendError(f"{recipient!r} 不是可用的邮箱地址", temporary=False)
    try:
        # A refused sender is a matter of the settings: the mail waits until they are mended.
        _expect(smtp.mail(sender), 250, of_server=True)
        _expect(smtp.rcpt(recipient), 250, 251)
        _expect(smtp.docmd("DATA"), 354)
    except (OSError, smtplib.SMTPException) as error:
        timed_out = _is_time_out(error)
        raise SendError(
            _words(error), temporary=True, of_server=timed_out, hung_up=not timed_out
        ) from error


def _hand_over(smtp: smtplib.SMTP, content: bytes) -> str:
    """The text and its final dot; the server's words. Silence leaves the outcome unknown."""
    try:
        smtp.send(re.sub(rb"(?m)^\.", b"..", content).removesuffix(b"\r\n") + b"\r\n.\r\n")
        reply = smtp.getreply()
    except (OSError, smtplib.SMTPException) as error:
        raise SendError(f"{_words(error)}{_PERHAPS}", temporary=True, of_server=True) from error
    _expect(reply, 250, text_sent=True)
    return _said(reply)


def _expect(
    reply: tuple[int, bytes], *codes: int, of_server: bool = False, text_sent: bool = False
) -> None:
    """Raises SendError for another answer: 5xx is for good, unless it is about the sender."""
    code = reply[0]
    if code not in codes:
        closing = code == _CLOSING
        raise SendError(
            _said(reply),
            temporary=of_server or code < 500,
            of_server=of_server or (closing and text_sent),
            hung_up=closing and not text_sent,
        )


def _said(reply: tuple[int, bytes]) -> str:
    return f"{reply[0]} {reply[1].decode('utf-8', 'replace')}"


def _is_time_out(error: Exception) -> bool:
    return isinstance(error, TimeoutError) or "timed out" in str(error)


def _words(error: Exception) -> str:
    """The server's code and words where it spoke, else what happened, in Chinese if we know it."""
    if isinstance(error, smtplib.SMTPResponseException):
        said = error.smtp_error
        return _said((error.smtp_code, said if isinstance(said, bytes) else said.encode()))
    if _is_time_out(error):
        return _TROUBLES[TimeoutError]
    known = (words for kind, words in _TROUBLES.items() if isinstance(error, kind))
    return next(known, str(error)) or type(error).__name__


@contextmanager
def folder_post(folder: Path) -> Iterator[Send]:
    """A sender that puts every mail into `folder` as `<subject>-<id>.eml`, whole or not at all.

    The name hangs on the Message-ID: the same mail sent twice is one file.
    """

    def send(mail: Outgoing) -> str:
        target = folder / _file_name(mail)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            write_whole(target, mail.content)
        except OSError as error:
            words = f"{folder}：{system_words(error)}"
            raise SendError(words, temporary=True, of_server=True) from error
        return str(target)

    yield send


def _file_name(mail: Outgoing) -> str:
    """Readable and unique: file systems take 255 bytes, a Chinese character is three."""
    subject = safe_name(mail.subject)[:60].strip("._")
    return f"{subject}-{sha256(mail.message_id.encode()).hexdigest()[:12]}.eml"
