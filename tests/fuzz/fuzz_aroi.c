#include "relay/aroi.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *says = size % 2 ? "proof:uri-rsa url:a.example ciissversion:2"
                                : "proof:dns-rsa url:a.example ciissversion:2";
    g_autoptr(Contact) contact = contact_read(says, strlen(says));
    Fingerprint relay = {.bytes = {1}};
    AroiQuestion question = {contact, &relay, NULL, (const char *)data,
                             size,    1};
    g_autoptr(AroiAnswer) answer = aroi_check(&question);
    return answer->reason ? 0 : 1;
}
