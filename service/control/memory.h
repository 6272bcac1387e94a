/* memory.h - makes out of memory sticky for a JSON document that is being built.  Portable; one
 * thread at a time.
 *
 * yyjson says of each single value whether there was memory for it, and then writes the document
 * without it.  An answer with a part missing would be a lie, so a writer asks here at the end. */
#ifndef JW_CONTROL_MEMORY_H
#define JW_CONTROL_MEMORY_H

#include <stdbool.h>
#include <yyjson.h>

/* A document whose memory, also that of its text, comes by way of *FAILED, which must outlive it
 * and is set once something cannot be had.  NULL, with *FAILED set, when not even it can. */
yyjson_mut_doc *memory_doc(bool *failed);
/* Something that belongs into DOC could not be made, elsewhere.  NULL is allowed. */
void memory_lacks(yyjson_mut_doc *doc);
/* DOC as text, from malloc; NULL when anything was lacking, here or before.  FLAGS are yyjson's. */
char *memory_text(yyjson_mut_doc *doc, const bool *failed, unsigned flags, size_t *ret_n);

#endif
