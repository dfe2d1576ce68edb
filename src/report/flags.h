/*
 * flags.h - the flags that reading a mail can set, one sentence each.
 *
 * A flag is something a person should know before trusting the rest. Flags of
 * Mail (mail.h) are taken over as they are; incident/ adds its own.
 */
#pragma once

/* X(word, meaning) */
#define REPORT_FLAGS(X)                                                        \
    X("forwarded", "a complaint passed on by somebody else than its author")   \
    X("image-only", "the evidence is only in an image")                        \
    X("encrypted", "the text is encrypted and was not read")                   \
    X("signature-not-checked", "signed with PGP or S/MIME; not verified here") \
    X("attachment-not-read", "an attachment that was not read: PDF, archive, " \
                             "office document")                                \
    X("image-not-read", "a picture that is attached or as large as a letter")  \
    X("alternatives-differ", "the half of the text that was not read says "    \
                             "more than the one that was")                     \
    X("script-not-read", "letters of a script in which no words are known "    \
                         "here")                                               \
    X("text-turned-round", "marks that show letters in another order than "    \
                           "they were read in")                                \
    X("letters-spaced",                                                        \
      "words with a blank between their letters, which were "                  \
      "not read as words")                                                     \
    X("calendar", "an invitation to a meeting, or the answer to one")          \
    X("piece-of-a-mail", "a part that only points to its content")             \
    X("accused-by-nobody", "a member's address stands where nothing accuses "  \
                           "it: in a host's name, a link, a network")          \
    X("may-be-a-network", "an accused address with the length of a prefix: "   \
                          "that host, or its whole network")                   \
    X("archive-encrypted", "an archive that needs a password; not read")       \
    X("archive-damaged", "an archive that could not be read to its end")       \
    X("archive-over-a-limit", "an archive with more than is read; the rest "   \
                              "was not looked at")                             \
    X("pdf-encrypted", "a PDF that needs a password; not read")                \
    X("pdf-damaged", "a PDF that could not be read")                           \
    X("pdf-over-a-limit", "a PDF with more than is read")                      \
    X("pdf-without-text", "a PDF that holds no text, only images")             \
    X("pdf-letters-unknown", "a PDF whose fonts do not tell all letters")      \
    X("charset-wrong", "a text's charset is not the one that is stated; "      \
                       "it was read by what its bytes are")                    \
    X("part-flawed", "a part's text is incomplete: charset, encoding, cut")    \
    X("text-cut", "more text than is searched; the rest was not looked at")    \
    X("deadline-base-unclear", "a deadline counts from something that is not " \
                               "in this mail")                                 \
    X("deadline-zone-unclear", "a deadline is a day or hour without a zone; "  \
                               "it was taken as UTC")                          \
    X("two-subjects", "more than one Subject field")                           \
    X("no-date", "no readable Date field")                                     \
    X("no-message-id", "no Message-ID field")                                  \
    X("no-text", "no part has legible text")                                   \
    X("list-rewritten-from", "the From was rewritten by a mailing list; the "  \
                             "author is taken from Reply-To")                  \
    X("machine-part-damaged", "a machine-readable part could not be read")     \
    X("machine-part-cut", "a machine-readable part has more rows than are "    \
                          "kept")                                              \
    X("table-without-heads",                                                   \
      "a table without heads; what its columns are was "                       \
      "told by their cells")                                                   \
    X("xarf-invalid: ...", "a XARF v4 report breaks this rule of its schema")  \
    X("formats-disagree", "the machine-readable parts name different "         \
                          "categories")                                        \
    X("category-weak", "the category rests on few words")                      \
    X("category-subject-differs", "the Subject names another category than "   \
                                  "the content, which decided")                \
    X("too-large", "reading it took too much time or memory; only its front "  \
                   "was read")                                                 \
    X("may-be-sensitive", "words of authorities, courts, lawyers, threats or " \
                          "illegal images, too few to be sure of")             \
    X("works-cut", "more works are named than are kept")                       \
    X("reply-to-differs", "answers are asked to another address than From's")
