"""Mails as mail servers send them back, made up."""

from __future__ import annotations

from notifications.channels import verp

DOMAIN = "larkfield.example"


def to_bounces(delivery_id: int) -> str:
    """The signed address, which a test's settings must name."""
    address = verp.return_path(delivery_id)
    assert address
    return address


def a_bounce(
    to: str,
    *,
    action: str = "failed",
    status: str = "5.1.1",
    words: str = "smtp; 550 5.1.1 nobody of that name",
) -> bytes:
    """A delivery status notification (RFC 3464)."""
    fields = [
        "Final-Recipient: rfc822; tom@example.org",
        *([f"Action: {action}"] if action else []),
        *([f"Status: {status}"] if status else []),
        *([f"Diagnostic-Code: {words}"] if words else []),
    ]
    return _report(
        to,
        kind="delivery-status",
        first="message/delivery-status",
        fields=["Reporting-MTA: dns; mail.example", "", *fields],
    )


def a_complaint(mail_from: str, *, said: str = "abuse", to: str = "fbl@larkfield.example") -> bytes:
    """An abuse report (RFC 5965): it comes to another address and names ours inside."""
    fields = [
        f"Feedback-Type: {said}",
        "User-Agent: SomeProvider/1.0",
        f"Original-Mail-From: <{mail_from}>",
    ]
    return _report(to, kind="feedback-report", first="message/feedback-report", fields=fields)


def _report(to: str, *, kind: str, first: str, fields: list[str]) -> bytes:
    lines = [
        "From: MAILER-DAEMON@mail.example",
        f"To: {to}",
        "Subject: Undelivered Mail Returned to Sender",
        "Auto-Submitted: auto-replied",
        f'Content-Type: multipart/report; report-type={kind}; boundary="xx"',
        "",
        "--xx",
        "Content-Type: text/plain",
        "",
        "I'm sorry to have to inform you that your message could not be delivered.",
        "--xx",
        f"Content-Type: {first}",
        "",
        *fields,
        "",
        "--xx",
        "Content-Type: message/rfc822",
        "",
        "Subject: Your new kettle",
        "Status: 2.0.0",
        "",
        "Hello",
        "--xx--",
        "",
    ]
    return "\r\n".join(lines).encode()
