#include "courier/packets.h"

#include "base/wire.h"

#include <errno.h>
#include <sys/socket.h>

void packet_clear(Packet *packet)
{
    g_clear_pointer(&packet->member, g_free);
    g_clear_pointer(&packet->readers, g_free);
    g_clear_pointer(&packet->envelope_from, g_free);
    g_clear_pointer(&packet->to, g_free);
    g_clear_pointer(&packet->bytes, g_bytes_unref);
    g_clear_pointer(&packet->reply, g_free);
    g_clear_pointer(&packet->enhanced, g_free);
}

GBytes *packet_encode(const Packet *packet)
{
    WireOut out;
    wire_out_init(&out);
    wire_put_u8(&out, (uint8_t)packet->kind);
    wire_put_u32(&out, packet->turn);
    switch (packet->kind) {
    case PACKET_LETTER: {
        gsize length;
        const void *data = g_bytes_get_data(packet->bytes, &length);
        wire_put_text(&out, packet->member);
        wire_put_text(&out, packet->readers);
        wire_put_text(&out, packet->envelope_from);
        wire_put_text(&out, packet->to);
        wire_put_bytes(&out, data, length);
        break;
    }
    case PACKET_DOT:
        wire_put_u8(&out, packet->may_send);
        break;
    case PACKET_DONE:
        wire_put_u8(&out, (uint8_t)packet->outcome);
        wire_put_text(&out, packet->reply);
        wire_put_text(&out, packet->enhanced);
        break;
    case PACKET_ABOUT_TO_DOT:
    case PACKET_DIED:
        break;
    }
    return wire_out_steal(&out);
}

static void decode_letter(WireIn *in, Packet *out)
{
    out->member = wire_get_text(in, 1000);
    out->readers = wire_get_text(in, 1000);
    out->envelope_from = wire_get_text(in, 1000);
    out->to = wire_get_text(in, 1000);
    size_t length;
    const uint8_t *data = wire_get_bytes(in, &length, COURIER_LETTER_BYTES_MAX);
    out->bytes = g_bytes_new(data, length);
    if (!out->envelope_from || !out->to)
        in->broken = true;
}

static void decode_done(WireIn *in, Packet *out)
{
    out->outcome = (SentOutcome)wire_get_choice(in, SENT_HELD + 1);
    /* foreign_text may add an ellipsis of three bytes. */
    out->reply = wire_get_text(in, COURIER_REPLY_MAX + 16);
    out->enhanced = wire_get_text(in, 16);
    if (!out->reply)
        in->broken = true;
}

bool packet_decode(const void *data, size_t length, Packet *out)
{
    WireIn in = wire_in(data, length);
    *out = (Packet){
        .kind = (PacketKind)wire_get_choice(&in, PACKET_KINDS),
        .turn = wire_get_u32(&in),
    };
    switch (out->kind) {
    case PACKET_LETTER:
        decode_letter(&in, out);
        break;
    case PACKET_DOT:
        out->may_send = wire_get_choice(&in, 2) == 1;
        break;
    case PACKET_DONE:
        decode_done(&in, out);
        break;
    case PACKET_ABOUT_TO_DOT:
    case PACKET_DIED:
        break;
    }
    if (wire_in_finish(&in))
        return true;
    packet_clear(out);
    return false;
}

bool packet_send(int fd, const Packet *packet)
{
    g_autoptr(GBytes) record = packet_encode(packet);
    gsize length;
    const void *data = g_bytes_get_data(record, &length);
    ssize_t sent;
    do
        sent = send(fd, data, length, MSG_NOSIGNAL);
    while (sent < 0 && errno == EINTR);
    return sent == (ssize_t)length;
}

int packet_receive(int fd, int flags, Packet *out)
{
    g_autofree char *buffer = g_malloc(PACKET_MAX);
    for (;;) {
        ssize_t length = recv(fd, buffer, PACKET_MAX, flags);
        if (length < 0 && errno == EINTR)
            continue;
        if (length < 0 && errno == EAGAIN)
            return -1;
        if (length <= 0)
            return 0;
        if (packet_decode(buffer, (size_t)length, out))
            return 1;
    }
}
