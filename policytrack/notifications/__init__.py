"""Mail: what is sent to whom, rendered and delivered outside any transaction.

A feature asks for mail through the outbox, with the kind `mail` and one of these payloads:

- about a thing, which is read when the mail goes out, as its reader may see it then:
  `{"template": .., "user_id": .., "commitment": PUBLIC_ID, "revision": NUMBER}` or
  `{"template": .., "user_id": .., "note": PUBLIC_ID}`;
- about something that only the payload knows, such as a one-time link:
  `{"template": .., "to": ADDRESS, "language": .., "values": {..}}`
  (`policytrack.accounts.service.write_to`).

The texts are in `templates/mail/<template>.txt`, the subject on the first line.
"""
