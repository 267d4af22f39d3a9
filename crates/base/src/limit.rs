//! The limits on everything that a stranger controls, named in one place.

/// The largest body of an ordinary request, in bytes.
pub const BODY_BYTES_MAX: usize = 2 * 1024 * 1024;
/// How much of a body that is too large is read and thrown away before hanging up, in bytes.
pub const BODY_DISCARDED_BYTES_MAX: usize = 32 * 1024 * 1024;
/// The longest request target (path and query), in bytes.
pub const TARGET_BYTES_MAX: usize = 16 * 1024;
/// The most parameters in one query.
pub const QUERY_PARAMETERS_MAX: usize = 64;
/// The most header lines in one request.
pub const HEADERS_MAX: usize = 64;
/// The most bytes of headers in one request.
pub const HEADER_BYTES_MAX: usize = 64 * 1024;
/// How long a client may take to send its headers, and to agree on TLS before, in seconds.
pub const HEADER_READ_S_MAX: u64 = 10;
/// How long a client may take to send its body, in seconds; of an upload, each piece of it.
pub const BODY_READ_S_MAX: u64 = 30;
/// How long a client may leave a piece of a download unread, in seconds.
pub const REPLY_STALL_S_MAX: u64 = 60;
/// How long a request may be worked on before the answer is "too slow", in seconds; uploads and
/// downloads take what they take.
pub const REQUEST_S_MAX: u64 = 60;
/// The most connections open at once, on each address that is listened on.
pub const CONNECTIONS_MAX: usize = 10_000;
/// How long a draining server waits for its last answers, in seconds.
pub const DRAIN_S_MAX: u64 = 20;
/// The most operations in one patch.
pub const PATCHES_MAX: usize = 200;
/// How deep a JSON document may nest.
pub const JSON_DEPTH_MAX: usize = 64;
/// The most index entries that one search may look at.
pub const SEARCH_ENTRIES_MAX: usize = 100_000;
/// The most commits that may wait for the disk before callers are told to come back.
pub const COMMITS_WAITING_MAX: usize = 4_096;
/// The most commits that share one sync.
pub const COMMITS_A_SYNC_MAX: usize = 512;
/// How long the first answer to a repeated request is kept, in hours.
pub const ANSWER_KEPT_HOURS: i64 = 24 * 35;
/// How many new national records one client may ask for in a second.
pub const CREATES_A_SECOND_MAX: u32 = 3;
/// The largest message that is handed over in one request, in bytes.
pub const MESSAGE_BYTES_MAX: u64 = 100 * 1024 * 1024;
/// The most chunks that a message comes in, when it comes in chunks.
pub const CHUNKS_MAX: u32 = 20_000;
/// The largest message that comes in chunks, in bytes.
pub const CHUNKED_BYTES_MAX: u64 = 100 * 1000 * 1000 * 1000;
/// The most tokens, assertions and codes that are remembered because they may be used once only;
/// some 40 bytes of memory each.
pub const SPENT_REMEMBERED_MAX: usize = 8_000_000;
/// The most of them that may wait for the disk before callers are told to come back.
pub const SPENDING_WAITING_MAX: usize = 16_384;
/// The most of them that share one sync.
pub const SPENT_A_SYNC_MAX: usize = 4_096;
/// The longest name of a message, a conversation or an ordering key, in bytes.
pub const MESSAGE_NAME_BYTES_MAX: usize = 255;
/// The longest name of a mailbox or endpoint, in bytes.
pub const ADDRESS_BYTES_MAX: usize = 64;
/// The longest name of a kind of message, in bytes.
pub const MESSAGE_KIND_BYTES_MAX: usize = 255;
/// The longest reason that somebody gives for what they do, in bytes.
pub const REASON_BYTES_MAX: usize = 300;
/// The most messages on one page of a list.
pub const MESSAGES_A_PAGE_MAX: usize = 100;
/// How long a connection to an endpoint may take to come about, TLS included, in seconds.
pub const PUSH_CONNECT_S_MAX: u64 = 5;
/// How much of the body of an answer to a push is read, in bytes.
pub const PUSH_ANSWER_BYTES_MAX: usize = 16 * 1024;
/// How long reading it may take, in seconds.
pub const PUSH_ANSWER_S_MAX: u64 = 2;
/// The largest event that is published, in bytes: an event points at a record and holds none.
pub const EVENT_BYTES_MAX: usize = 32 * 1024;
/// The longest value of an attribute of an event, in bytes.
pub const EVENT_VALUE_BYTES_MAX: usize = 1_000;
/// The most attributes of an event that subscriptions may ask for, each value of a list counted.
pub const EVENT_ATTRIBUTES_MAX: usize = 64;
/// The longest criteria of a subscription, in bytes.
pub const CRITERIA_BYTES_MAX: usize = 1_000;
/// The most conditions in them beside the type of event.
pub const CRITERIA_CONDITIONS_MAX: usize = 10;
/// The longest reason that is given for a subscription, in bytes.
pub const SUBSCRIPTION_REASON_BYTES_MAX: usize = 1_000;
/// The most subscriptions of one client.
pub const SUBSCRIPTIONS_MAX: usize = 1_000;
/// The most subscriptions on one page of a list.
pub const SUBSCRIPTIONS_A_PAGE: usize = 50;
/// The most lines of the audit chain that one page of a search looks at.
pub const AUDIT_LINES_A_PAGE_MAX: usize = 50_000;
/// The most spans of the audit chain that one page looks for a patient in: 4 million lines.
pub const AUDIT_SPANS_A_PAGE_MAX: usize = 512;
/// The most events on one page of such a search.
pub const AUDIT_EVENTS_A_PAGE_MAX: usize = 100;
/// The longest signed token that is read, in bytes.
pub const JWS_BYTES_MAX: usize = 16 * 1024;
/// How deep the header and the claims of a signed token may nest.
pub const JWS_DEPTH_MAX: usize = 8;
/// The longest identifier of a key, and any other text in the header of a token, in bytes.
pub const KEY_ID_BYTES_MAX: usize = 256;
/// The largest set of public keys, in bytes.
pub const JWKS_BYTES_MAX: usize = 64 * 1024;
/// The most keys in one set.
pub const JWKS_KEYS_MAX: usize = 32;
/// The longest access token of the house's own, in bytes.
pub const ACCESS_TOKEN_BYTES_MAX: usize = 16 * 1024;
/// The longest answer that a command reads into memory, in bytes; bodies of messages go to files.
pub const ANSWER_BYTES_MAX: u64 = 16 * 1024 * 1024;
/// The largest control file of a mailbox folder, in bytes.
pub const CONTROL_FILE_BYTES_MAX: usize = 64 * 1024;
/// The most elements in one.
pub const CONTROL_FILE_ELEMENTS_MAX: usize = 200;
/// The longest identifier of an assertion, in bytes.
pub const ASSERTION_ID_BYTES_MAX: usize = 256;
/// How far ahead an assertion may expire, in seconds, allowance for clocks included.
pub const ASSERTION_AHEAD_S_MAX: i64 = 310;
/// How far the clock of whoever made an assertion may be behind ours, in seconds.
pub const CLOCK_SKEW_S_MAX: i64 = 10;
/// How long an access token of an application is good, in seconds.
pub const ACCESS_TOKEN_S_MAX: i64 = 599;
/// The same, for clients of SMART Backend Services.
pub const SMART_TOKEN_S_MAX: i64 = 300;
/// How long the public keys at a URL are believed, in seconds.
pub const JWKS_KEPT_S_MAX: i64 = 3600;
/// How often they are asked for at most, in seconds from one time to the next.
pub const JWKS_ASKED_S_MIN: i64 = 60;
/// The most URLs whose public keys are kept.
pub const JWKS_URLS_MAX: usize = 4_096;
/// How long the page of a sign-in may stay open before it is sent off, in seconds.
pub const SIGN_IN_PAGE_S_MAX: i64 = 900;
/// How many wrong secrets for one person are taken at once.
pub const SIGN_IN_FAILURES_MAX: u32 = 5;
/// How long nobody can sign in as that person then, in seconds, until one more is taken.
pub const SIGN_IN_PAUSE_S: i64 = 60;
/// How many wrong secrets are taken in a minute, evenly, whoever they are for.
pub const SIGN_IN_FAILURES_A_MINUTE_MAX: u32 = 120;
/// How many failed credentials are taken from one address in a minute, unless it is set otherwise.
pub const FAILURES_A_MINUTE: u32 = 60;
/// How many times as many are taken for one client or mailbox, from all addresses together.
pub const FAILURES_FOR_ONE_TIMES: u32 = 5;
/// The most addresses and names whose failures are remembered at one time.
pub const FAILURES_KEPT_MAX: usize = 100_000;
/// The most people whose failures are remembered at one time.
pub const SIGN_IN_NAMES_MAX: usize = 10_000;
/// How long an authorisation code is good, in seconds.
pub const CODE_S_MAX: i64 = 300;
/// The longest value of a parameter of an authorisation request, in bytes.
pub const AUTHORIZE_VALUE_BYTES_MAX: usize = 8 * 1024;
/// The longest state that a client may have kept for it, in bytes.
pub const CLIENT_STATE_BYTES_MAX: usize = 2 * 1024;
/// How long refreshing may go on after a worker signed in, in seconds.
pub const WORKER_REFRESHES_S_MAX: i64 = 12 * 3600 - 1;
/// How long refreshing may go on after a patient signed in, in seconds.
pub const PATIENT_REFRESHES_S_MAX: i64 = 3600 - 1;
/// How long the keys of a sign-in service are believed, in seconds.
pub const ISSUER_KEYS_KEPT_S_MAX: i64 = 24 * 3600;
/// How long getting a document from somewhere else may take, connection included, in seconds.
pub const FETCH_S_MAX: u64 = 5;
/// The most meters of calls, one for each client at each API.
pub const METERS_MAX: usize = 100_000;
/// The longest order of an operator to a running exchange, in bytes.
pub const ORDER_BYTES_MAX: u64 = 16 * 1024 * 1024;
/// How long one may take to come, in seconds.
pub const ORDER_S_MAX: u64 = 10;
/// How many calls a client may make to an API in a minute, unless it has rates of its own.
pub const CALLS_A_MINUTE: u32 = 300;
/// The same for a mailbox, which asks twice for each message that it collects.
pub const MAILBOX_CALLS_A_MINUTE: u32 = 1_200;
/// How many calls of a client may come at once where the bound on their density names no number:
/// those of a second, and no fewer than these.
pub const SPIKE_BURST_CALLS_MIN: u32 = 5;
/// The most entries of a message that is a bundle of resources.
pub const MESSAGE_ENTRIES_MAX: usize = 1_000;
/// The largest XML document that is read into a tree, in bytes.
pub const XML_BYTES_MAX: usize = 5_000_000;
/// How deep its elements may nest.
pub const XML_DEPTH_MAX: usize = 100;
/// The most elements, attributes and texts in it, all counted together.
pub const XML_NODES_MAX: usize = 250_000;
/// The most attributes of one element, declarations of namespaces included.
pub const XML_ATTRIBUTES_MAX: usize = 64;
/// The longest value of an attribute, in bytes.
pub const XML_ATTRIBUTE_BYTES_MAX: usize = 64 * 1024;
/// The longest name of an element or attribute, in bytes.
pub const XML_NAME_BYTES_MAX: usize = 256;
/// The most declarations of namespaces that hold at one place.
pub const XML_NAMESPACES_MAX: usize = 128;
/// The longest text between two tags, in bytes.
pub const XML_TEXT_BYTES_MAX: usize = 4 * 1024 * 1024;
/// The most legs of conversations that wait to be written down.
pub const LEGS_WAITING_MAX: usize = 8_192;
/// The largest body that a local system of the demonstration reads, in bytes.
pub const LOCAL_BODY_BYTES_MAX: usize = 6 * 1024 * 1024;
/// The largest of them that any caller may bring without waiting for a place, in bytes.
pub const LOCAL_SMALL_BYTES_MAX: u64 = 64 * 1024;
/// How many larger ones it reads and answers at once.
pub const LOCAL_LARGE_AT_ONCE_MAX: usize = 2;
/// The most connections to one at once.
pub const LOCAL_CONNECTIONS_MAX: usize = 128;
/// The most records of one kind that it keeps.
pub const LOCAL_RECORDS_MAX: usize = 10_000;
/// The longest name of the file of one, in bytes, before `.json`.
pub const LOCAL_RECORD_NAME_BYTES_MAX: usize = 200;
/// How long it waits for an answer, in seconds: longer than the exchange waits for others.
pub const LOCAL_CALL_S_MAX: u64 = 60;
/// How long somebody that a call is passed on to may keep us waiting, in seconds.
pub const ONWARD_S_MAX: u64 = 32;
/// The largest call that is passed on, and the largest answer to it, in bytes.
pub const ONWARD_BYTES_MAX: usize = 10 * 1024 * 1024;
/// How much of such an answer is held before the caller gets any of it, in bytes: up to this much,
/// the caller gets all of it or is told why not.
pub const ONWARD_HELD_BYTES_MAX: usize = 256 * 1024;
/// The most parts of a `multipart/related` body: a header, a payload and 98 attachments.
pub const MULTIPART_PARTS_MAX: usize = 100;
/// The most bytes of headers of one of its parts.
pub const MULTIPART_HEADER_BYTES_MAX: usize = 8 * 1024;
/// The most bytes of an ebXML message, all of its parts together.
pub const EBXML_BYTES_MAX: usize = 5_000_000;
/// The largest of them that a system may send without waiting for a place, in bytes.
pub const EBXML_SMALL_BYTES_MAX: usize = 64 * 1024;
/// How many larger ones of one system are read at once.
pub const EBXML_LARGE_AT_ONCE_MAX: usize = 8;
/// How long a message may wait for such a place, and how long it may take to come, in seconds.
pub const EBXML_MESSAGE_S_MAX: u64 = 60;
/// The longest media type of one, with its parameters, in bytes.
pub const EBXML_MEDIA_TYPE_BYTES_MAX: usize = 1_000;
/// The most bytes of a party's answer to an ebXML message: a signal.
pub const EBXML_ANSWER_BYTES_MAX: usize = 256 * 1024;
/// The most TLS sessions that are kept so that callers may take them up again.
pub const TLS_SESSIONS_MAX: usize = 4_096;
/// How long the certificate of a caller is believed on an open connection before it is verified
/// again, in seconds; when the authorities' lists change, at once.
pub const CERTIFICATE_BELIEVED_S_MAX: i64 = 60;
/// The largest message of HL7 version 2, in bytes.
pub const HL7V2_BYTES_MAX: usize = 16 * 1024 * 1024;
/// The most segments of one.
pub const HL7V2_SEGMENTS_MAX: usize = 20_000;
/// The longest field of its header that is taken or echoed, in bytes.
pub const HL7V2_HEADER_FIELD_BYTES_MAX: usize = 250;
/// The most connections that bring messages of HL7 version 2, on each address that is listened on.
pub const MLLP_CONNECTIONS_MAX: usize = 1_000;
/// How long such a connection may be idle, in seconds.
pub const MLLP_IDLE_S_MAX: u64 = 900;
/// How long a message may take to come, from its first byte to its last, in seconds; and how long
/// its acknowledgement may be left unread.
pub const MLLP_MESSAGE_S_MAX: u64 = 60;
/// The largest acknowledgement that is read, in bytes.
pub const MLLP_ANSWER_BYTES_MAX: usize = 64 * 1024;
/// How long a receiver is listened to that was asked to be silent when all is well, in
/// milliseconds.
pub const MLLP_SILENCE_MS_MAX: u64 = 1_000;
/// The most connections to receivers that are kept while there is nothing to say on them.
pub const MLLP_KEPT_MAX: usize = 1_000;
/// How much of such a connection is read at once, in bytes.
pub const CONNECTION_READ_BYTES: usize = 8 * 1024;
/// The most bytes between two messages.
pub const MLLP_BETWEEN_BYTES_MAX: usize = 4 * 1024;
/// The largest message that any connection may bring without waiting for a place, in bytes.
pub const MLLP_SMALL_BYTES_MAX: usize = 64 * 1024;
/// How many larger ones may come at once, on each address; and how many may go out at once.
pub const MLLP_LARGE_AT_ONCE_MAX: usize = 8;
/// The largest document that goes from one practice to another, in bytes.
pub const GP2GP_DOCUMENT_BYTES_MAX: u64 = 100 * 1024 * 1024;
/// The most that the documents of one record may have together, in bytes.
pub const GP2GP_RECORD_BYTES_MAX: u64 = 375 * 1024 * 1024;
/// The most things that one message of a record may refer to.
pub const GP2GP_REFERENCES_MAX: usize = 1_000;
/// The largest extract that travels compressed, before it is compressed, in bytes.
pub const GP2GP_EXTRACT_BYTES_MAX: usize = 20 * 1024 * 1024;
