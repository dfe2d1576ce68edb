#include "courier/packets.h"

#include <string.h>

static void assert_same(const Packet *packet)
{
    g_autoptr(GBytes) record = packet_encode(packet);
    gsize length;
    const uint8_t *data = g_bytes_get_data(record, &length);
    g_auto(Packet) got = {0};
    g_assert_true(packet_decode(data, length, &got));
    g_assert_cmpint(got.kind, ==, packet->kind);
    g_assert_cmpuint(got.turn, ==, packet->turn);
    g_assert_cmpint(got.may_send, ==, packet->may_send);
    g_assert_cmpint(got.outcome, ==, packet->outcome);
    g_assert_cmpstr(got.to, ==, packet->to);
    g_assert_cmpstr(got.envelope_from, ==, packet->envelope_from);
    g_assert_cmpstr(got.reply, ==, packet->reply);
    g_assert_cmpstr(got.enhanced, ==, packet->enhanced);
    if (packet->bytes)
        g_assert_true(g_bytes_equal(got.bytes, packet->bytes));
    /* Less than all of it, or more, is none. */
    for (gsize cut = 0; cut < length; cut++) {
        Packet none = {0};
        g_assert_false(packet_decode(data, cut, &none));
    }
    g_autofree uint8_t *more = g_malloc0(length + 1);
    memcpy(more, data, length);
    Packet none = {0};
    g_assert_false(packet_decode(more, length + 1, &none));
}

static void test_round_trip(void)
{
    g_autoptr(GBytes) bytes = g_bytes_new_static("a\r\n", 3);
    assert_same(&(Packet){.kind = PACKET_LETTER,
                          .turn = 7,
                          .envelope_from = (char *)"",
                          .to = (char *)"a@example.org",
                          .bytes = bytes});
    assert_same(&(Packet){.kind = PACKET_DOT, .turn = 8, .may_send = true});
    assert_same(&(Packet){.kind = PACKET_ABOUT_TO_DOT, .turn = 9});
    assert_same(&(Packet){.kind = PACKET_DONE,
                          .turn = UINT32_MAX,
                          .outcome = SENT_UNKNOWN,
                          .reply = (char *)"dot: nothing came"});
    assert_same(&(Packet){.kind = PACKET_DIED});
}

/* Whatever a process that was taken over sends: read or refused. */
static void test_noise(void)
{
    uint8_t noise[64];
    for (guint i = 0; i < 50000; i++) {
        int length = g_test_rand_int_range(0, (int)sizeof noise);
        for (int j = 0; j < length; j++)
            noise[j] = (uint8_t)g_test_rand_int_range(0, j % 5 ? 4 : 256);
        g_auto(Packet) packet = {0};
        if (packet_decode(noise, (size_t)length, &packet) &&
            packet.kind == PACKET_DONE)
            g_assert_nonnull(packet.reply);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/packets/round-trip", test_round_trip);
    g_test_add_func("/packets/noise", test_noise);
    return g_test_run();
}
