/*
 * What stands around an address in scripts that put no blanks between words:
 * Japanese, Chinese, Korean (whose particles are glued to the address).
 *
 * To add one: the words as they are written, on the side where they touch the
 * address; of several that fit the longest wins.
 */
#include "incident/role.h"

#include <string.h>

typedef struct {
    const char *words; /* UTF-8, folded */
    bool is_after;
    Role role;
    int weight;
} ScriptPhrase;

#define BEFORE false
#define AFTER  true

static const ScriptPhrase PHRASES[] = {
    /* ja */
    {"から", AFTER, ROLE_OFFENDER, 76},
    {"からの", AFTER, ROLE_OFFENDER, 78},
    {"より", AFTER, ROLE_OFFENDER, 72},
    {"による", AFTER, ROLE_OFFENDER, 76},
    {"が攻撃", AFTER, ROLE_OFFENDER, 78},
    {"に攻撃され", AFTER, ROLE_OFFENDER, 80},
    {"によって", AFTER, ROLE_OFFENDER, 78},
    {"が当", AFTER, ROLE_OFFENDER, 74},
    {"は当", AFTER, ROLE_OFFENDER, 72},
    {"への", AFTER, ROLE_VICTIM, 76},
    {"へ", AFTER, ROLE_VICTIM, 70},
    {"に対", AFTER, ROLE_VICTIM, 78},
    {"宛", AFTER, ROLE_VICTIM, 74},
    {"を攻撃", AFTER, ROLE_VICTIM, 80},
    {"をスキャン", AFTER, ROLE_VICTIM, 80},
    {"が攻撃され", AFTER, ROLE_VICTIM, 82},
    {"が攻撃を受け", AFTER, ROLE_VICTIM, 82},
    {"は攻撃を受け", AFTER, ROLE_VICTIM, 82},
    {"攻撃元", BEFORE, ROLE_OFFENDER, 84},
    {"送信元", BEFORE, ROLE_OFFENDER, 84},
    {"発信元", BEFORE, ROLE_OFFENDER, 84},
    {"接続元", BEFORE, ROLE_OFFENDER, 84},
    {"攻撃者", BEFORE, ROLE_OFFENDER, 84},
    {"貴社のip", BEFORE, ROLE_OFFENDER, 80},
    {"貴社のipアドレス", BEFORE, ROLE_OFFENDER, 80},
    {"御社のip", BEFORE, ROLE_OFFENDER, 80},
    {"御社のipアドレス", BEFORE, ROLE_OFFENDER, 80},
    {"貴ネットワークの", BEFORE, ROLE_OFFENDER, 80},
    {"ipアドレス", BEFORE, ROLE_OFFENDER, 60},
    {"送信元ipアドレス", BEFORE, ROLE_OFFENDER, 86},
    {"攻撃元ipアドレス", BEFORE, ROLE_OFFENDER, 86},
    {"接続元ipアドレス", BEFORE, ROLE_OFFENDER, 86},
    {"発信元ipアドレス", BEFORE, ROLE_OFFENDER, 86},
    {"宛先", BEFORE, ROLE_VICTIM, 84},
    {"宛先ip", BEFORE, ROLE_VICTIM, 86},
    {"宛先ipアドレス", BEFORE, ROLE_VICTIM, 86},
    {"送信先ip", BEFORE, ROLE_VICTIM, 86},
    {"送信先ipアドレス", BEFORE, ROLE_VICTIM, 86},
    {"接続先ipアドレス", BEFORE, ROLE_VICTIM, 86},
    {"攻撃先ipアドレス", BEFORE, ROLE_VICTIM, 86},
    {"攻撃対象ipアドレス", BEFORE, ROLE_VICTIM, 86},
    {"被害ipアドレス", BEFORE, ROLE_VICTIM, 86},
    {"攻撃先", BEFORE, ROLE_VICTIM, 84},
    {"被害", BEFORE, ROLE_VICTIM, 80},
    {"サーバー", BEFORE, ROLE_VICTIM, 70},
    {"サーバ", BEFORE, ROLE_VICTIM, 70},
    {"当社のip", BEFORE, ROLE_VICTIM, 82},
    {"当方のip", BEFORE, ROLE_VICTIM, 82},
    {"弊社のip", BEFORE, ROLE_VICTIM, 82},
    /* zh, both scripts */
    {"来自", BEFORE, ROLE_OFFENDER, 80},
    {"來自", BEFORE, ROLE_OFFENDER, 80},
    {"来自ip", BEFORE, ROLE_OFFENDER, 80},
    {"來自ip", BEFORE, ROLE_OFFENDER, 80},
    {"来自ip地址", BEFORE, ROLE_OFFENDER, 80},
    {"从", BEFORE, ROLE_OFFENDER, 74},
    {"從", BEFORE, ROLE_OFFENDER, 74},
    {"源ip", BEFORE, ROLE_OFFENDER, 84},
    {"源地址", BEFORE, ROLE_OFFENDER, 84},
    {"来源", BEFORE, ROLE_OFFENDER, 82},
    {"來源", BEFORE, ROLE_OFFENDER, 82},
    {"来源ip", BEFORE, ROLE_OFFENDER, 84},
    {"來源ip", BEFORE, ROLE_OFFENDER, 84},
    {"攻击者", BEFORE, ROLE_OFFENDER, 84},
    {"攻擊者", BEFORE, ROLE_OFFENDER, 84},
    {"攻击ip", BEFORE, ROLE_OFFENDER, 84},
    {"攻擊ip", BEFORE, ROLE_OFFENDER, 84},
    {"您的ip", BEFORE, ROLE_OFFENDER, 80},
    {"您的ip地址", BEFORE, ROLE_OFFENDER, 80},
    {"贵方ip", BEFORE, ROLE_OFFENDER, 80},
    {"贵公司ip", BEFORE, ROLE_OFFENDER, 80},
    {"贵公司的ip", BEFORE, ROLE_OFFENDER, 80},
    {"贵公司的ip地址", BEFORE, ROLE_OFFENDER, 80},
    {"貴公司的ip", BEFORE, ROLE_OFFENDER, 80},
    {"的攻击", AFTER, ROLE_OFFENDER, 70},
    {"攻击了", AFTER, ROLE_OFFENDER, 80},
    {"攻擊了", AFTER, ROLE_OFFENDER, 80},
    {"正在攻击", AFTER, ROLE_OFFENDER, 80},
    {"正在攻擊", AFTER, ROLE_OFFENDER, 80},
    {"正在扫描", AFTER, ROLE_OFFENDER, 80},
    {"对我", AFTER, ROLE_OFFENDER, 78},
    {"對我", AFTER, ROLE_OFFENDER, 78},
    {"扫描了", AFTER, ROLE_OFFENDER, 80},
    {"掃描了", AFTER, ROLE_OFFENDER, 80},
    {"服务器", BEFORE, ROLE_VICTIM, 72},
    {"伺服器", BEFORE, ROLE_VICTIM, 72},
    {"攻击了", BEFORE, ROLE_VICTIM, 74},
    {"针对", BEFORE, ROLE_VICTIM, 78},
    {"針對", BEFORE, ROLE_VICTIM, 78},
    {"目标", BEFORE, ROLE_VICTIM, 84},
    {"目標", BEFORE, ROLE_VICTIM, 84},
    {"目标ip", BEFORE, ROLE_VICTIM, 84},
    {"目的ip", BEFORE, ROLE_VICTIM, 84},
    {"目的地址", BEFORE, ROLE_VICTIM, 84},
    {"我们的ip", BEFORE, ROLE_VICTIM, 82},
    {"我的ip", BEFORE, ROLE_VICTIM, 82},
    {"遭到", AFTER, ROLE_VICTIM, 80},
    {"遭受", AFTER, ROLE_VICTIM, 80},
    {"受到", AFTER, ROLE_VICTIM, 80},
    {"被", AFTER, ROLE_VICTIM, 76},
    {"被封", AFTER, ROLE_OFFENDER, 78},
    /* ko */
    {"에서", AFTER, ROLE_OFFENDER, 74},
    {"로부터", AFTER, ROLE_OFFENDER, 78},
    {"으로부터", AFTER, ROLE_OFFENDER, 78},
    {"의 공격", AFTER, ROLE_OFFENDER, 74},
    {"가 공격", AFTER, ROLE_OFFENDER, 78},
    {"이 공격", AFTER, ROLE_OFFENDER, 78},
    {"가 당사", AFTER, ROLE_OFFENDER, 76},
    {"이 당사", AFTER, ROLE_OFFENDER, 76},
    {"에 대한", AFTER, ROLE_VICTIM, 78},
    {"에 대해", AFTER, ROLE_VICTIM, 78},
    {"를 공격", AFTER, ROLE_VICTIM, 80},
    {"을 공격", AFTER, ROLE_VICTIM, 80},
    {"로의", AFTER, ROLE_VICTIM, 74},
    {"으로의", AFTER, ROLE_VICTIM, 74},
    {"가 공격을 받", AFTER, ROLE_VICTIM, 82},
    {"이 공격을 받", AFTER, ROLE_VICTIM, 82},
    {"공격자", BEFORE, ROLE_OFFENDER, 84},
    {"공격 ip", BEFORE, ROLE_OFFENDER, 84},
    {"공격자 ip", BEFORE, ROLE_OFFENDER, 84},
    {"출발지", BEFORE, ROLE_OFFENDER, 84},
    {"출발지 ip", BEFORE, ROLE_OFFENDER, 84},
    {"발신지", BEFORE, ROLE_OFFENDER, 84},
    {"귀사의 ip", BEFORE, ROLE_OFFENDER, 80},
    {"귀하의 ip", BEFORE, ROLE_OFFENDER, 80},
    {"목적지", BEFORE, ROLE_VICTIM, 84},
    {"목적지 ip", BEFORE, ROLE_VICTIM, 84},
    {"대상", BEFORE, ROLE_VICTIM, 80},
    {"서버", BEFORE, ROLE_VICTIM, 72},
    {"당사 ip", BEFORE, ROLE_VICTIM, 82},
};

/* Bytes of a mark that may stand between: blank, colon, bracket. */
static size_t mark_length(Cursor in, size_t at)
{
    static const char *const MARKS[] = {" ",  ":",  "(",  ")",  "[",
                                        "]",  "\"", "：", "（", "）",
                                        "「", "」", "は "};
    for (size_t i = 0; i < G_N_ELEMENTS(MARKS); i++)
        if (cursor_has(in, at, MARKS[i]))
            return strlen(MARKS[i]);
    return 0;
}

static bool touches(Cursor in, const AddressHit *hit, const ScriptPhrase *row)
{
    if (row->is_after) {
        size_t at = hit->end;
        size_t mark = mark_length(in, at);
        return cursor_has(in, at, row->words) ||
               (mark > 0 && cursor_has(in, at + mark, row->words));
    }
    size_t length = strlen(row->words);
    for (size_t gap = 0; gap <= 4 && hit->at >= length + gap; gap++) {
        if (!cursor_has(in, hit->at - gap - length, row->words))
            continue;
        size_t at = hit->at - gap;
        while (at < hit->at && mark_length(in, at) > 0)
            at += mark_length(in, at);
        if (at == hit->at)
            return true;
    }
    return false;
}

/* Is there a letter beyond Latin, Greek and Cyrillic at either side? */
static bool is_near_script(Cursor in, const AddressHit *hit)
{
    uint32_t from = hit->at > 30 ? hit->at - 30 : 0;
    for (uint32_t at = from; at < hit->end + 8; at++) {
        unsigned char c = cursor_at(in, at);
        if (c >= 0xe3 && c <= 0xed)
            return true;
    }
    return false;
}

void mention_read_script(const Page *page, Mention *mention)
{
    const AddressHit *hit = page_address(page, mention->address);
    if (!is_near_script(page->folded, hit))
        return;
    const ScriptPhrase *best = NULL;
    for (size_t i = 0; i < G_N_ELEMENTS(PHRASES); i++)
        if ((!best || strlen(PHRASES[i].words) > strlen(best->words)) &&
            touches(page->folded, hit, &PHRASES[i]))
            best = &PHRASES[i];
    if (best)
        mention_offer(mention, best->role, best->weight, TOLD_BY_WORDS,
                      "sentence", best->words);
}
