/*
 * pdf_object.h - the objects of a PDF, within bounds. The home of libqpdf.
 *
 * Every question may be asked of every object: the answer for one of another
 * kind is nothing. qpdf is never asked to decode what may be large; it does so
 * by itself for object and reference streams only, which are measured before
 * it sees the file.
 *
 * Authority: ISO 32000-1.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

#define PDF_BYTES_MAX    (20u * 1024 * 1024)
#define PDF_INFLATED_MAX (64u * 1024 * 1024) /* of all streams but images */
#define PDF_OBJECTS_MAX  200000

typedef struct PdfFile PdfFile;
typedef unsigned PdfObject; /* 0 is nothing; valid as long as the file */

/* NULL with a flaw (MAIL_FLAW_PDF_...). bytes must outlive the file. */
PdfFile *pdf_file_open(const char *bytes, size_t length, const char **flaw);
void pdf_file_close(PdfFile *file);

PdfObject pdf_root(PdfFile *file);
/* key with its slash: "/Kids". */
PdfObject pdf_get(PdfFile *file, PdfObject dictionary, const char *key);
int pdf_length(PdfFile *file, PdfObject array);
PdfObject pdf_item(PdfFile *file, PdfObject array, int index);
bool pdf_is_array(PdfFile *file, PdfObject object);
bool pdf_is_stream(PdfFile *file, PdfObject object);
/* Without slash; "" if it is no name. Valid until the next call. */
const char *pdf_name(PdfFile *file, PdfObject object);
bool pdf_is_number(PdfFile *file, PdfObject object);
double pdf_number(PdfFile *file, PdfObject object);
/* The number by which the file knows the object; 0 if none. */
int pdf_id(PdfFile *file, PdfObject object);
/* Forget the object, where there are many. */
void pdf_release(PdfFile *file, PdfObject object);

/* What a stream holds, at most max_bytes; NULL if that is an image or cannot
 * be had. *cost is its bytes in the file: it may hold nothing and be large.
 * *is_cut is set if there is more or it is damaged. */
GBytes *pdf_stream(PdfFile *file, PdfObject stream, size_t max_bytes,
                   size_t *cost, bool *is_cut);
