#include "relay/prove_text.h"

#include "base/digest.h"

#include <string.h>

/* Functions first; what they are applied to is written behind them. */
static const char SCRIPT_HEAD[] =
    "#!/bin/sh\n"
    "# Checks this proof with sha256sum, sha1sum, awk and openssl alone.\n"
    "set -eu\n"
    "LC_ALL=C; export LC_ALL\n"
    "cd \"$(dirname \"$0\")\"\n"
    "work=$(mktemp -d)\n"
    "trap 'rm -rf \"$work\"' EXIT\n"
    "fail() { echo \"NOT PROVED: $*\" >&2; exit 1; }\n"
    "\n"
    "# key CERTIFICATE KEYWORD: the public key behind that line\n"
    "key() {\n"
    "    awk -v word=\"$2\" '$0 == word || $0 == \"opt \" word {\n"
    "        on = 1; next } on\n"
    "        on && /^-----END/ { exit }' \"$1\" |\n"
    "        openssl rsa -RSAPublicKey_in -pubout 2>/dev/null\n"
    "}\n"
    "# fingerprint: of the public key on standard input\n"
    "fingerprint() {\n"
    "    openssl rsa -pubin -RSAPublicKey_out -outform DER 2>/dev/null |\n"
    "        sha1sum | cut -c1-40 | tr a-f A-F\n"
    "}\n"
    "# recover KEYFILE: what the signature in base64 on standard input signs\n"
    "recover() {\n"
    "    grep -v -e '^-----' | openssl base64 -d >\"$work/signature\"\n"
    "    openssl pkeyutl -verifyrecover -pubin -inkey \"$1\" \\\n"
    "        -pkeyopt rsa_padding_mode:pkcs1 -in \"$work/signature\" |\n"
    "        od -An -v -tx1 | tr -d ' \\n'\n"
    "}\n"
    "# signed_by CONSENSUS DIGEST VALID-AFTER NICKNAME IDENTITY SIGNING-KEY\n"
    "signed_by() {\n"
    "    certificate=certificate-$4\n"
    "    key \"$certificate\" dir-identity-key >\"$work/identity\"\n"
    "    key \"$certificate\" dir-signing-key >\"$work/signing\"\n"
    "    [ \"$(fingerprint <\"$work/identity\")\" = \"$5\" ] ||\n"
    "        fail \"$4: another identity key\"\n"
    "    [ \"$(fingerprint <\"$work/signing\")\" = \"$6\" ] ||\n"
    "        fail \"$4: another signing key\"\n"
    "    wanted=$(sed '/^dir-key-certification$/q' \"$certificate\" |\n"
    "        sha1sum | cut -c1-40)\n"
    "    found=$(sed '1,/^dir-key-certification$/d' \"$certificate\" |\n"
    "        recover \"$work/identity\")\n"
    "    [ \"$wanted\" = \"$found\" ] || fail \"$4: certificate not signed\"\n"
    "    awk -v when=\"$3\" '/^dir-key-published/ { from = $2 \" \" $3 }\n"
    "        /^dir-key-expires/ { to = $2 \" \" $3 }\n"
    "        /^dir-key-certification/ { exit }\n"
    "        END { exit !(from <= when && when <= to) }' \"$certificate\" ||\n"
    "        fail \"$4: certificate of another time\"\n"
    "    found=$(awk -v line=\"$5 $6\" '/^directory-signature / {\n"
    "            on = substr($0, length($0) - 80) == line; next } on' \"$1\" "
    "|\n"
    "        recover \"$work/signing\")\n"
    "    [ \"$2\" = \"$found\" ] || fail \"$4 did not sign $1\"\n"
    "    echo \"  $4 signed it\"\n"
    "    count=$((count + 1))\n"
    "}\n"
    "\n"
    "# server_signed FILE BYTES PUBLISHED NICKNAME IDENTITY ADDRESS [KEY]: one "
    "did,\n"
    "# whose key stands in the file, or in the other one; does it list a relay "
    "at\n"
    "# the address that is up?\n"
    "server_signed() {\n"
    "    head -c \"$2\" \"$1\" >\"$work/part\"\n"
    "    case $(tail -n 1 \"$work/part\") in\n"
    "    'directory-signature '*) ;;\n"
    "    *) fail 'these are not the signed bytes' ;;\n"
    "    esac\n"
    "    key \"${7-$work/part}\" dir-signing-key >\"$work/signing\"\n"
    "    [ \"$(fingerprint <\"$work/signing\")\" = \"$5\" ] ||\n"
    "        fail \"$4: another key\"\n"
    "    wanted=$(sha1sum <\"$work/part\" | cut -c1-40)\n"
    "    found=$(sed '1,/^directory-signature /d' \"$1\" |\n"
    "        recover \"$work/signing\")\n"
    "    [ \"$wanted\" = \"$found\" ] || fail \"$4 did not sign $1\"\n"
    "    grep -q -x -E \"(opt )?published $3\" \"$work/part\" ||\n"
    "        fail \"$1 is of another time\"\n"
    "    echo \"  $4 signed it at $3\"\n"
    "    count=$((count + 1))\n"
    "    if awk -v ip=\"$6\" '\n"
    "        /^r / { hit = $(NF - 2) == ip }\n"
    "        /^s / && hit && / Running( |$)/ && / Valid( |$)/ { found = 1 }\n"
    "        /^router / && $3 == ip { found = 1 }\n"
    "        END { exit !found }' \"$work/part\"; then\n"
    "        up=$((up + 1))\n"
    "    fi\n"
    "}\n"
    "\n"
    "# whose FILE BYTES DIGEST ADDRESS RELAYS: who of them, or at the address, "
    "has\n"
    "# that descriptor, by what was signed?\n"
    "whose() {\n"
    "    head -c \"$2\" \"$1\" >\"$work/part\"\n"
    "    awk -v digest=\" $3 \" -v ip=\"$4\" -v relays=\" $5 \" '\n"
    "        /^r / { on = $(NF - 2) == ip || index(relays, \" \" $3 \" \")\n"
    "            nick = $2 }\n"
    "        /^[rm] / && on && index($0 \" \", digest) { found = 1; exit }\n"
    "        END { if (found) print nick; exit !found }' \"$work/part\"\n"
    "}\n"
    "\n"
    "echo '1. The files are those that were written'\n"
    "sha256sum -c --quiet SHA256SUMS\n"
    "echo '  yes'\n";

char *proof_certificate_name(const Authority *authority)
{
    return g_strconcat("certificate-", authority->nickname, NULL);
}

char *proof_time_text(Instant instant)
{
    Civil c = civil_from_instant(instant, 0);
    return g_strdup_printf("%04d-%02d-%02d %02d:%02d:%02d", c.year, c.month,
                           c.day, c.hour, c.minute, c.second);
}

char *proof_identity_text(const uint8_t *bytes)
{
    g_autofree char *lower = hex_new(bytes, AUTHORITY_BYTES);
    return g_ascii_strup(lower, -1);
}

static void append_signature(GString *text, const ProvedConsensus *of,
                             const ConsensusSignature *one)
{
    g_autofree char *after = proof_time_text(of->valid_after);
    g_autofree char *identity = proof_identity_text(one->certificate->identity);
    g_autofree char *signing = proof_identity_text(one->certificate->signing);
    g_string_append_printf(text,
                           "signed_by %s \"$digest\" '%s' %s %s \\\n"
                           "    %s\n",
                           of->file, after, one->authority->nickname, identity,
                           signing);
}

static void append_consensus(GString *text, const ProvedConsensus *of)
{
    g_string_append_printf(
        text,
        "\necho '2. More than half of the authorities signed %s'\n"
        "[ \"$(head -c %zu %s | tail -c 20)\" = 'directory-signature ' ] ||\n"
        "    fail 'these are not the signed bytes'\n"
        "digest=$(head -c %zu %s | %s | cut -d' ' -f1)\n"
        "count=0\n",
        of->file, of->signed_bytes, of->file, of->signed_bytes, of->file,
        of->is_micro ? "sha256sum" : "sha1sum");
    for (guint i = 0; i < of->signatures->len; i++) {
        const ConsensusSignature *one =
            &g_array_index(of->signatures, ConsensusSignature, i);
        if (one->is_valid)
            append_signature(text, of, one);
    }
    g_string_append_printf(
        text, "[ \"$count\" -ge %u ] || fail \"only $count signatures\"\n",
        of->needed);
}

/* A yes wants that many who list it; a no that many who were heard. */
static void append_majority(GString *text, const ProofText *proof)
{
    const ProvedStatement *first =
        &g_array_index(proof->statements, ProvedStatement, 0);
    bool is_up = proof->lookup->verdict == VERDICT_EXIT ||
                 proof->lookup->verdict == VERDICT_PORT_CLOSED ||
                 proof->lookup->verdict == VERDICT_NOT_TCP ||
                 proof->lookup->verdict == VERDICT_NOT_EXIT;
    guint needed = 1;
    if (first->protocol == 2)
        needed +=
            authorities_count_early(proof->authorities, 2, proof->when) / 2;
    g_string_append_printf(text,
                           "[ \"$%s\" -ge %u ] || fail \"only $%s servers "
                           "%s\"\n",
                           is_up ? "up" : "count", needed,
                           is_up ? "up" : "count",
                           is_up ? "list it" : "were heard");
}

static void append_statements(GString *text, const ProofText *proof)
{
    if (proof->statements->len == 0)
        return;
    g_autofree char *ip = ip_new_text(proof->ip);
    g_string_append(text, "\necho '2. Directory servers signed, each its own "
                          "list'\ncount=0\nup=0\n");
    for (guint i = 0; i < proof->statements->len; i++) {
        const ProvedStatement *one =
            &g_array_index(proof->statements, ProvedStatement, i);
        g_autofree char *published = proof_time_text(one->published);
        g_autofree char *identity = proof_identity_text(one->server->identity);
        g_string_append_printf(
            text, "server_signed %s %zu '%s' %s \\\n    %s %s%s%s\n", one->file,
            one->signed_bytes, published, one->server->nickname, identity, ip,
            one->key_file ? " " : "", one->key_file ? one->key_file : "");
    }
    append_majority(text, proof);
}

/* What a list says of the address; a relay's lines begin with "r". */
static void append_listing(GString *text, const char *file, size_t bytes,
                           const char *ip)
{
    g_string_append_printf(
        text,
        "head -c %zu %s | awk -v ip='%s' '\n"
        "    function say() { if (hit) printf \"%%s\", lines; hit = 0 }\n"
        "    /^r / { say(); lines = \"\"; hit = $(NF - 2) == ip }\n"
        "    /^a / && index($2, \"[\" ip \"]:\") == 1 { hit = 1 }\n"
        "    /^directory-/ { say(); exit }\n"
        "    { lines = lines \"  \" $0 \"\\n\" }' | tr -cd '\\n -~'\n",
        bytes, file, ip);
}

/* A directory has the descriptors in it, and says in one line who was up. */
static void append_directory(GString *text, const char *file, size_t bytes,
                             const char *ip)
{
    g_string_append_printf(
        text,
        "head -c %zu %s | awk -v ip='%s' '\n"
        "    /^(opt )?(running-routers|router-status) / { up = $0 }\n"
        "    /^router / { on = $3 == ip }\n"
        "    /^router / && on {\n"
        "        count = split(up, words, \" \")\n"
        "        for (i = 1; i <= count; i++)\n"
        "            if (index(tolower(words[i]), tolower($2)))\n"
        "                print \"  up (! is down): \" words[i] }\n"
        "    on && /^(router|accept|reject) / { print \"  \" $0 }\n"
        "    /^router-signature/ { on = 0 }' | tr -cd '\\n -~'\n",
        bytes, file, ip);
}

static void append_question(GString *text, const ProofText *proof)
{
    g_autofree char *ip = ip_new_text(proof->ip);
    g_string_append_printf(text, "\necho '3. What they say about %s'\n{\n", ip);
    for (guint i = 0; i < proof->consensuses->len; i++) {
        const ProvedConsensus *of =
            &g_array_index(proof->consensuses, ProvedConsensus, i);
        append_listing(text, of->file, of->signed_bytes, ip);
    }
    for (guint i = 0; i < proof->statements->len; i++) {
        const ProvedStatement *one =
            &g_array_index(proof->statements, ProvedStatement, i);
        (one->protocol == 1 ? append_directory : append_listing)(
            text, one->file, one->signed_bytes, ip);
    }
    for (guint i = 0; i < proof->lists->len; i++)
        g_string_append_printf(
            text,
            "tr -cd '\\n -~' <%s | grep -B4 '^ExitAddress %s ' |\n"
            "    sed 's/^/  exit scan: /' || :\n",
            (char *)g_ptr_array_index(proof->lists, i), ip);
    g_string_append(text, "} >\"$work/said\"\n"
                          "[ -s \"$work/said\" ] || "
                          "echo '  nothing: it is not listed'\n"
                          "cat \"$work/said\"\n");
}

/* The relays of the answer, as consensuses name them. */
static void append_relays(GString *text, const ProofText *proof)
{
    g_string_append(text,
                    "\necho '4. The exit policy of those relays'\nrelays='");
    for (guint i = 0; i < proof->lookup->relays->len; i++) {
        const RelaySighting *s = g_ptr_array_index(proof->lookup->relays, i);
        g_autofree char *base64 =
            g_base64_encode(s->fingerprint, FINGERPRINT_BYTES);
        base64[strcspn(base64, "=")] = 0;
        g_string_append_printf(text, "%s%s", i ? " " : "", base64);
    }
    g_string_append(text, "'\n");
}

static void append_whose(GString *text, const char *file, size_t bytes,
                         const char *ip)
{
    bool is_first = g_str_has_suffix(text->str, "who=$(");
    g_string_append_printf(text, "%swhose %s %zu \"$name\" %s \"$relays\"",
                           is_first ? "" : " ||\n    ", file, bytes, ip);
}

/* A list names each descriptor by its digest in base64. */
static void append_descriptor(GString *text, const char *file, bool is_micro,
                              const ProofText *proof)
{
    g_autofree char *ip = ip_new_text(proof->ip);
    if (is_micro)
        g_string_append_printf(
            text, "name=$(openssl dgst -sha256 -binary <%s |", file);
    else
        g_string_append_printf(text,
                               "name=$(sed '/^router-signature$/q' %s |\n"
                               "    openssl dgst -sha1 -binary |",
                               file);
    g_string_append(text, " openssl base64 | tr -d =)\nwho=$(");
    for (guint i = 0; i < proof->consensuses->len; i++) {
        const ProvedConsensus *of =
            &g_array_index(proof->consensuses, ProvedConsensus, i);
        append_whose(text, of->file, of->signed_bytes, ip);
    }
    for (guint i = 0; i < proof->statements->len; i++) {
        const ProvedStatement *one =
            &g_array_index(proof->statements, ProvedStatement, i);
        append_whose(text, one->file, one->signed_bytes, ip);
    }
    g_string_append_printf(text,
                           ") ||\n    fail '%s is of no relay of the answer'\n"
                           "echo \"  %s: of $who, named by its digest\"\n"
                           "sed '/^router-signature$/q' %s | tr -cd '\\n -~' "
                           "|\n"
                           "    grep -E '^(accept|reject|p|p6|ipv6-policy) "
                           "' |\n    sed 's/^/    /' || :\n",
                           file, file, file);
}

static void append_descriptors(GString *text, const ProofText *proof)
{
    if (proof->descriptors->len + proof->micros->len == 0)
        return;
    append_relays(text, proof);
    for (guint i = 0; i < proof->descriptors->len; i++)
        append_descriptor(text, g_ptr_array_index(proof->descriptors, i), false,
                          proof);
    for (guint i = 0; i < proof->micros->len; i++)
        append_descriptor(text, g_ptr_array_index(proof->micros, i), true,
                          proof);
}

GString *proof_script(const ProofText *proof)
{
    GString *text = g_string_new(SCRIPT_HEAD);
    for (guint i = 0; i < proof->consensuses->len; i++)
        append_consensus(
            text, &g_array_index(proof->consensuses, ProvedConsensus, i));
    append_statements(text, proof);
    append_question(text, proof);
    append_descriptors(text, proof);
    g_string_append(text, "\necho 'Everything holds.'\n");
    return text;
}
