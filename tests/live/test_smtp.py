"""Mails through a real SMTP server, with every fault that servers are known for."""

from __future__ import annotations

import asyncio
import shutil
import socket
import ssl
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from email import message_from_bytes, policy
from email.headerregistry import Address
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult

from monitor.alerts.smtp import MailServer, Outgoing, SendError, smtp_post
from monitor.domain.calendar import CHINA

pytestmark = pytest.mark.live

SUBJECT = "【6月底】教育局本级：3 个项目支出进度滞后（红色 1、黄色 2）"


# The handler's methods have the names and the arguments that aiosmtpd calls them by.
# ruff: noqa: ARG002, N802
@dataclass
class Office:
    """A server's handler: what it answers, and what it got."""

    mail: str = "250 OK"
    rcpt: str = "250 OK"
    data: str = "250 OK"
    refused: tuple[str, ...] = ()
    mails_a_connection: int = 1_000
    connections: int = 0
    drop: bool = False
    silence: float = 0
    got: list[EmailMessage] = field(default_factory=list)

    async def handle_MAIL(
        self, server: SMTP, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if not hasattr(session, "mails"):
            session.mails = 0
            self.connections += 1
        session.mails += 1
        if session.mails > self.mails_a_connection:
            return "421 4.7.0 enough for one connection"
        if self.mail.startswith("250"):
            envelope.mail_from = address
        return self.mail

    async def handle_RCPT(
        self, server: SMTP, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if address in self.refused:
            return "550 5.1.1 no such user"
        if self.rcpt.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.rcpt

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Any) -> str:
        if self.data.startswith("250"):
            self.got.append(message_from_bytes(envelope.content, policy=policy.SMTP))
        if self.drop:
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()
        await asyncio.sleep(self.silence)
        return self.data


def mail() -> EmailMessage:
    mail = EmailMessage(policy=policy.SMTP)
    mail["Subject"] = SUBJECT
    mail["From"] = Address("县财政局预算绩效科", addr_spec="monitor@example.cn")
    mail["To"] = Address("张三㙍", addr_spec="zhang@example.cn")
    mail["Message-ID"] = "<1@example.cn>"
    mail["Date"] = datetime(2025, 7, 8, 8, 30, tzinfo=CHINA)
    mail.set_content("第一行\n.以点开头的行\n..两点\n末行\n", cte="base64")
    mail.add_alternative("<p>.正文</p>\n.\n", subtype="html", cte="8bit")
    return mail


Serve = Callable[..., MailServer]


@pytest.fixture
def serve() -> Iterator[Serve]:
    running = []

    def start(office: Office, **options: Any) -> MailServer:
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        controller = Controller(office, hostname="127.0.0.1", port=port, **options)
        controller.start()
        running.append(controller)
        return MailServer(
            "localhost", port, "monitor@example.cn", "县财政局", security="none", timeout=5
        )

    yield start
    for controller in running:
        controller.stop()


def outgoing(recipient: str = "zhang@example.cn") -> Outgoing:
    return Outgoing(recipient, "<1@example.cn>", SUBJECT, mail().as_bytes(policy=policy.SMTP))


def send(server: MailServer) -> str:
    with smtp_post(server) as post:
        return post(outgoing())


def failure(server: MailServer) -> SendError:
    with pytest.raises(SendError) as refused:
        send(server)
    return refused.value


def test_a_mail_arrives_exactly_as_written(serve: Serve) -> None:
    office = Office()
    send(serve(office))

    (got,) = office.got
    assert got["Subject"] == SUBJECT
    assert got["To"].addresses[0].display_name == "张三㙍"
    assert got["From"].addresses[0].display_name == "县财政局预算绩效科"
    for kind in ("plain", "html"):
        sent, arrived = mail().get_body((kind,)), got.get_body((kind,))
        assert sent
        assert arrived
        assert arrived.get_content().splitlines() == sent.get_content().splitlines()


@pytest.mark.parametrize(
    ("where", "reply", "temporary", "of_server"),
    [
        ("mail", "451 4.3.0 try later", True, True),
        ("mail", "550 5.7.1 sender not allowed", True, True),
        ("rcpt", "450 4.2.0 greylisted", True, False),
        ("rcpt", "550 5.1.1 no such user", False, False),
        ("rcpt", "421 4.3.2 closing", True, False),
        ("data", "451 4.3.0 try later", True, False),
        ("data", "550 5.7.1 looks like spam", False, False),
        ("data", "421 4.3.2 closing", True, True),
    ],
)
def test_a_refusal_says_the_servers_words_and_whether_to_try_again(
    serve: Serve, where: str, reply: str, temporary: bool, of_server: bool
) -> None:
    office = Office()
    setattr(office, where, reply)
    error = failure(serve(office))

    assert (error.words, error.temporary, error.of_server) == (reply, temporary, of_server)


def test_a_connection_dropped_after_the_text_may_be_tried_again_and_says_so(serve: Serve) -> None:
    office = Office(drop=True)
    error = failure(serve(office))

    assert (error.temporary, error.hung_up) == (True, False)
    assert "对方也可能已收到" in error.words
    assert len(office.got) == 1


def test_a_server_silent_after_the_text_may_be_tried_again_and_says_so(serve: Serve) -> None:
    server = replace(serve(Office(silence=2)), timeout=0.5)
    error = failure(server)

    assert error.temporary
    assert error.words.startswith("等待服务器应答超时（正文已送出")


def test_many_mails_go_over_one_connection_also_after_a_refusal(serve: Serve) -> None:
    office = Office(refused=("nobody@example.cn",))
    with smtp_post(serve(office)) as post:
        for name in ("a", "nobody", "b", "nobody", "c"):
            if name == "nobody":
                with pytest.raises(SendError, match="550"):
                    post(outgoing("nobody@example.cn"))
            else:
                assert post(outgoing(f"{name}@example.cn")).startswith("250")

    assert (len(office.got), office.connections) == (3, 1)


def test_a_server_that_ends_the_connection_between_two_mails_delays_nobody(serve: Serve) -> None:
    office = Office(mails_a_connection=2)
    with smtp_post(serve(office)) as post:
        for number in range(5):
            post(outgoing(f"{number}@example.cn"))

    assert (len(office.got), office.connections) == (5, 3)


def test_an_address_that_smtp_cannot_carry_is_refused_for_good(serve: Serve) -> None:
    with smtp_post(serve(Office())) as post:
        for address in ("张三@example.cn", "a@b.cn\r\nRCPT TO:<c@d.cn>"):
            with pytest.raises(SendError, match="不是可用的邮箱地址") as refused:
                post(outgoing(address))
            assert not refused.value.temporary


def test_a_server_that_is_not_there_is_a_temporary_matter(serve: Serve) -> None:
    error = failure(MailServer("localhost", 1, "a@b.cn", "甲", security="none", timeout=2))

    assert (error.temporary, error.of_server) == (True, True)
    assert error.words == "localhost:1 服务器拒绝连接"


def test_a_server_without_starttls_gets_no_mail(serve: Serve) -> None:
    office = Office()
    error = failure(replace(serve(office), security="starttls"))

    assert error.temporary
    assert office.got == []


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    openssl = shutil.which("openssl")
    if not openssl:
        pytest.skip("no openssl on this machine")
    folder = tmp_path_factory.mktemp("tls")
    key, cert = folder / "key.pem", folder / "cert.pem"
    subprocess.run(
        [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
         "-keyout", key, "-out", cert, "-subj", "/CN=localhost",
         "-addext", "subjectAltName=DNS:localhost"],
        check=True, capture_output=True,
    )  # fmt: skip
    return key, cert


def authenticator(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> Any:
    known = (data.login, data.password) == (b"monitor", b"open-sesame")
    return AuthResult(success=known, handled=False)


def encrypted(certificate: tuple[Path, Path]) -> ssl.SSLContext:
    key, cert = certificate
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    return context


def test_a_mail_goes_to_a_server_that_speaks_tls_from_the_start(
    serve: Serve, certificate: tuple[Path, Path]
) -> None:
    office = Office()
    server = serve(office, ssl_context=encrypted(certificate))
    send(replace(server, security="tls", ca_file=str(certificate[1])))

    assert len(office.got) == 1


@pytest.fixture
def secured(serve: Serve, certificate: tuple[Path, Path]) -> tuple[Office, MailServer]:
    office = Office()
    server = serve(
        office, tls_context=encrypted(certificate), require_starttls=True, auth_required=True,
        authenticator=authenticator,
    )  # fmt: skip
    return office, replace(
        server,
        security="starttls",
        user="monitor",
        password="open-sesame",
        ca_file=str(certificate[1]),
    )


def test_a_mail_goes_by_starttls_after_logging_in(secured: tuple[Office, MailServer]) -> None:
    office, server = secured
    send(server)

    assert len(office.got) == 1


def test_a_wrong_password_leaves_the_mail_waiting_and_stays_out_of_the_words(
    secured: tuple[Office, MailServer],
) -> None:
    office, server = secured
    error = failure(replace(server, password="geheim"))

    assert error.temporary
    assert "535" in error.words
    assert "geheim" not in error.words
    assert office.got == []


def test_a_password_that_the_protocol_cannot_carry_is_a_matter_of_the_settings(
    secured: tuple[Office, MailServer],
) -> None:
    error = failure(replace(secured[1], password="口令"))

    assert error.temporary
    assert "ASCII" in error.words
    assert "口" not in error.words


def test_a_certificate_that_nobody_vouches_for_gets_no_password(
    secured: tuple[Office, MailServer],
) -> None:
    office, server = secured
    error = failure(replace(server, ca_file=None))

    assert error.temporary
    assert "certificate verify failed" in error.words
    assert office.got == []


def test_a_certificate_for_another_name_is_refused(
    secured: tuple[Office, MailServer],
) -> None:
    _, server = secured

    assert "certificate verify failed" in failure(replace(server, host="127.0.0.1")).words


def test_the_password_is_in_no_text_of_the_settings(
    secured: tuple[Office, MailServer],
) -> None:
    assert "open-sesame" not in repr(secured[1])
