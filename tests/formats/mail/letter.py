# letter.py - a message and a mailbox: alternatives in Latin-1, texts and others
# attached, a message forwarded.
import email.message
import email.policy
import mailbox
import os
import time

os.environ["TZ"] = "UTC"
time.tzset()


def message(sender, subject, date):
    m = email.message.EmailMessage(policy=email.policy.SMTP.clone(max_line_length=70))
    m["From"] = sender
    m["To"] = "Ben Sample <ben@example.org>, harbour@example.org"
    m["Subject"] = subject
    m["Date"] = date
    m["Message-ID"] = "<%d@example.org>" % len(subject)
    return m


def inner():
    m = message("Zoë Example <zoe@example.org>", "Mangosteen prices", "Sat, 1 Jan 2022 09:00:00 +0700")
    m.set_content("They rose again.\n")
    return m


def letter():
    m = message("Ána Example <ana@example.org>",
                "Café opening: a long line about the harbour café that is folded — ten words",
                "Tue, 4 Jan 2022 23:30:00 +0800")
    m.set_content("Dear Ben,\n\nthe café opens.\nFrom here on, the quay is ours.\n",
                  charset="iso-8859-1", cte="quoted-printable")
    m.add_alternative("<html><body><p>the <b>caf&eacute;</b> opens rambutan</p></body></html>", subtype="html")
    m.add_attachment("berth;depth\nnorth;12\n", filename="tiefen-größe.csv", subtype="csv", cte="base64")
    m.add_attachment(b"\x89PNG\r\n\x1a\n\0\0", maintype="image", subtype="png", filename="map.png")
    m.add_attachment(inner())
    m.set_boundary("=-outer")
    for i, part in enumerate(m.iter_parts()):
        if part.is_multipart() and part.get_content_type() != "message/rfc822":
            part.set_boundary("=-inner")
    return m


with open("python.eml", "wb") as f:
    f.write(letter().as_bytes())
if os.path.exists("python.mbox"):
    os.unlink("python.mbox")
box = mailbox.mbox("python.mbox")
for i, m in enumerate([letter(), inner()]):
    m = mailbox.mboxMessage(m)
    m.set_from("ana@example.org", time.gmtime(1641310200 + i))
    box.add(m)
box.close()
