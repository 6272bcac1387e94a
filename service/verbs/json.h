/* json.h - what the verbs share about --json. */
#ifndef JW_VERBS_JSON_H
#define JW_VERBS_JSON_H

#include <yyjson.h>

/* Prints DOC, of memory_doc(), on standard output and frees it; the exit code. */
int print_document(yyjson_mut_doc *doc);

#endif
