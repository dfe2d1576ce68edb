/*
 * letters_digest.h - sentences of fact of a reporters' digest, for
 * test_letters.c.
 */
#pragma once

#include "reply/sample.h"

/* A sentence, and the bits of a sample without which it must not stand. */
typedef struct {
    const char *language, *words;
    uint32_t needs; /* one of these */
} LetterFact;

static const LetterFact DIGEST_FACTS[] = {
    {"en", "Tor exits at the times", SAMPLE_EXIT},
    {"en", "not open to what you cite", SAMPLE_PORT_CLOSED},
    {"en", "relays that let nothing out", SAMPLE_NOT_EXIT},
    {"de", "Exit-Relays des Tor-Netzwerks", SAMPLE_EXIT},
    {"de", "nicht offen für das Genannte", SAMPLE_PORT_CLOSED},
    {"de", "die nichts hinausließen", SAMPLE_NOT_EXIT},
    {"fr", "des relais de sortie du réseau", SAMPLE_EXIT},
    {"fr", "pas ouverts à ce que vous citez", SAMPLE_PORT_CLOSED},
    {"fr", "ne laissaient rien sortir", SAMPLE_NOT_EXIT},
    {"es", "repetidores de salida de la red", SAMPLE_EXIT},
    {"es", "no abiertos a lo que", SAMPLE_PORT_CLOSED},
    {"es", "no dejaban salir nada", SAMPLE_NOT_EXIT},
    {"es", "no indican ningún repetidor", SAMPLE_NOT_LISTED},
    {"it", "relay di uscita della rete", SAMPLE_EXIT},
    {"it", "non aperti a ciò che", SAMPLE_PORT_CLOSED},
    {"it", "non lasciavano uscire nulla", SAMPLE_NOT_EXIT},
    {"it", "non indicano alcun relay", SAMPLE_NOT_LISTED},
    {"pt", "relays de saída da rede", SAMPLE_EXIT},
    {"pt", "não abertos ao que", SAMPLE_PORT_CLOSED},
    {"pt", "não deixavam sair nada", SAMPLE_NOT_EXIT},
    {"pt", "não indicam nenhum relay", SAMPLE_NOT_LISTED},
    {"nl", "exit-relays van het Tor-netwerk", SAMPLE_EXIT},
    {"nl", "niet open voor wat u noemt", SAMPLE_PORT_CLOSED},
    {"nl", "niets naar buiten lieten", SAMPLE_NOT_EXIT},
    {"nl", "in de openbare lijsten geen", SAMPLE_NOT_LISTED},
    {"pl", "węzły wyjściowe sieci", SAMPLE_EXIT},
    {"pl", "nie otwarte na to", SAMPLE_PORT_CLOSED},
    {"pl", "nic nie wypuszczały", SAMPLE_NOT_EXIT},
    {"pl", "nie ma tu węzła", SAMPLE_NOT_LISTED},
    {"cs", "výstupní uzly sítě", SAMPLE_EXIT},
    {"cs", "ne otevřené pro to", SAMPLE_PORT_CLOSED},
    {"cs", "nic nepouštěly ven", SAMPLE_NOT_EXIT},
    {"cs", "zde není uzel", SAMPLE_NOT_LISTED},
    {"sv", "exitreläer i Tor-nätverket", SAMPLE_EXIT},
    {"sv", "inte öppna för det", SAMPLE_PORT_CLOSED},
    {"sv", "inte släppte ut något", SAMPLE_NOT_EXIT},
    {"sv", "listorna inget Tor-relä", SAMPLE_NOT_LISTED},
};
