/*
 * stream.h - the connection to a mail server: bytes with deadlines, TLS that
 * is verified, replies that are guarded.
 *
 * It is the mailstream_low driver under libetpan, whose own TLS checks no
 * certificate and whose waiting uses select(). OpenSSL's home, beside the
 * digests of base/.
 *
 * Authority: RFC 8314 (TLS for submission), RFC 3207 5 (STARTTLS), RFC 6125.
 */
#pragma once

#include "courier/guard.h"
#include "courier/smtpurl.h"

struct _mailstream_low;

typedef struct Stream Stream;

/* Connect within timeout_s. cancel_fd: give up when its peer hangs up; -1:
 * none. Errors: TEMPORARY. */
Stream *stream_connect(const SmtpUrl *url, uint32_t timeout_s, int cancel_fd,
                       GError **error);
/* TLS 1.2 or better, the certificate verified against ca_file (NULL: the
 * system's) and the host of url. Nothing may have come that was not asked
 * for. Errors: TEMPORARY (all: the next hop must be mended first). */
bool stream_start_tls(Stream *stream, const SmtpUrl *url, const char *ca_file,
                      uint32_t timeout_s, GError **error);
bool stream_is_tls(const Stream *stream);

/* The libetpan side; freed by mailstream_close, the Stream stays. */
struct _mailstream_low *stream_low(Stream *stream);

/* All that follows must be done within seconds from now. */
void stream_set_deadline(Stream *stream, uint32_t seconds);
/* Has the server said nothing since its last reply, and is it still there? */
bool stream_is_quiet(Stream *stream);

/* The last reply: its code (0: none came), and its words. */
int stream_code(const Stream *stream);
const char *stream_words(const Stream *stream);
/* Why nothing more can be done with it, or NULL; borrowed. */
const char *stream_flaw(const Stream *stream);
/* Bytes that have been handed to the kernel, TLS aside. */
uint64_t stream_sent(const Stream *stream);

void stream_free(Stream *stream);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Stream, stream_free)
