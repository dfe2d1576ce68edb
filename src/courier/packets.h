/*
 * packets.h - the records between the desk and a courier process.
 *
 * Over a SOCK_SEQPACKET pair: one record a packet, so that a process that
 * dies never leaves half of one. turn numbers the letters of a Courier: what
 * a predecessor of the process said about an older letter is known by it.
 */
#pragma once

#include "courier/courier.h"

#define PACKET_MAX (COURIER_LETTER_BYTES_MAX + 4096)

typedef enum {
    PACKET_LETTER,       /* desk: send this */
    PACKET_DOT,          /* desk: the dot may go, or not */
    PACKET_ABOUT_TO_DOT, /* courier: may it? */
    PACKET_DONE,         /* courier: how it ended */
    PACKET_DIED,         /* keeper: the courier is gone, a new one comes */
} PacketKind;
#define PACKET_KINDS (PACKET_DIED + 1)

typedef struct {
    PacketKind kind;
    uint32_t turn;
    bool may_send;            /* DOT */
    char *member, *readers;   /* LETTER, or NULL */
    char *envelope_from, *to; /* LETTER */
    GBytes *bytes;            /* LETTER */
    SentOutcome outcome;      /* DONE */
    char *reply, *enhanced;   /* DONE */
} Packet;
void packet_clear(Packet *packet);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Packet, packet_clear)

GBytes *packet_encode(const Packet *packet);
/* False: not a packet; nothing to clear. */
bool packet_decode(const void *data, size_t length, Packet *out);

bool packet_send(int fd, const Packet *packet);
/* Wait for one (flags: of recv). 1: got it; 0: the peer is gone; -1: none
 * now (MSG_DONTWAIT). One that cannot be read is skipped. */
int packet_receive(int fd, int flags, Packet *out);
