"""Mail: what is sent to whom, rendered and delivered outside any transaction.

A feature asks for mail through the outbox, with the kind `mail` and one of these payloads:

- about a commitment, which is read when the mail goes out, as its reader may see it then:
  `{"template": .., "user_id": .., "commitment": PUBLIC_ID, "revision": NUMBER}`;
- about anything else, with all that is said (`policytrack.accounts.service.write_to`):
  `{"template": .., "to": ADDRESS, "language": .., "values": {..}}`.

The texts are in `templates/mail/<template>.txt`, the subject on the first line.
"""
