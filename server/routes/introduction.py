"""What the contract says before its operations: the mechanics that hold for all of them."""

from typing import Final

TAGS: Final = {
    "service": "What the server is, and who is signed in.",
    "sign-in": "Tokens: getting, renewing, revoking (OAuth 2.0).",
    "customers": "The people and bodies that are served.",
    "notes": "What staff wrote about a customer.",
    "messages": "E-mails to a customer.",
    "portal-account": "How a customer signs in to the customers' portal.",
    "portal": "What customers themselves do in the portal.",
    "events": "The history of a customer, field by field.",
    "labels": "Tags that customers carry.",
    "payment-methods": "How customers pay.",
    "branches": "Places of the business.",
    "partners": "Companies through which customers come.",
    "locations": "Service areas.",
    "staff": "The people who work with customers.",
}
"""Groups of operations, in the order in which a reader wants them."""

INTRODUCTION: Final = """\
One open contract for customer profiles. Any back end may implement it.

**Style.** JSON objects in UTF-8 (RFC 8259); a member named twice, NaN and lone surrogates are refused
with 400. Members that are empty or equal to their default are left out of answers; unknown members of
answers are to be ignored, unknown members of requests are refused. `null` stands only in a patch, where
it removes. Words of enumerations may grow: show one you do not know as it stands. Unknown query
parameters are refused with 422.

**Formats.** Ids are opaque strings (UUID version 7, RFC 9562). Times are RFC 3339 in UTC and end in
`_at`, dates end in `_on`. Telephone numbers are E.164, countries ISO 3166-1 alpha-2, languages BCP 47.

**Signing in.** `Authorization: Bearer` with an opaque access token (RFC 6750) from `/v1/oauth/token`.
A terminal can also be signed in from another device (RFC 8628), where discovery (RFC 8414) says so.
Each operation names the permission it needs; `/v1/me` lists those of the person. Roles: viewer, staff,
admin.

**Changing.** `PATCH` takes a merge patch (RFC 7396) with `If-Match`: without it 428, on another version
412 with the record as it is now in `current`. `Prefer: return=minimal` (RFC 7240) answers 204 with the
new ETag alone; `Prefer: difference` a patch with a patch: what became other than was sent, such as the
version and a name made of its parts. Every change is written into the history in the same transaction.

**Sending again.** A `POST` that creates or acts and a `PATCH` take an `Idempotency-Key`: the same key
with the same request gets the first answer again (marked `Idempotency-Replayed: true`), with another
request 422, while the first is being worked on 409. Keys are kept for seven days, for each person apart.
A refused request keeps nothing.

**Lists.** `{"items": [...], "next_cursor": "...", "total": ...}` and `Link: rel="next"` (RFC 8288).
Cursors are opaque and stable while records are added; one that this server did not give for the list is
refused with 404. `total` is left out where counting would cost too much. `fields` narrows each record to
the members named.

**Caching.** Every read has a strong ETag; `If-None-Match` answers 304. The ETag of a record is its
version in quotes; with `include` or `fields` the version, `-` and a digest, and `If-Match` takes both
forms. A compressed answer is a representation of its own (RFC 9110, 8.8.3.3): its tag ends in a mark,
which `If-Match` and `If-None-Match` take too.

**Following changes.** `/v1/events` streams hints of what changed (server-sent events), `/v1/changes` lists
them from a place on; a hint says to ask again, with `If-None-Match`.

**Refusals.** `application/problem+json` (RFC 9457) with `code` for programs, `detail` for people,
`request_id` for the server's log, and `errors` with a JSON Pointer (RFC 6901) for each member at fault,
or the name of a header or parameter. 422: something in the request is not valid. 409: the request is
fine, but what is there does not allow it, such as a reference to a record that is gone, or a name that
is taken. 404 also stands for what this person may not know of. 429 and 503 say in `Retry-After` when to
come again.

**Size.** Bodies are at most 1 MiB, else 413. Answers above 400 bytes are compressed with gzip or zstd on
request.
"""
