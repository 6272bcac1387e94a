/* json.c - the end of every --json. */
#include "service/verbs/json.h"

#include "service/control/memory.h"
#include "service/host/logger.h"
#include "service/verbs/verbs.h"

#include <stdlib.h>

int print_document(yyjson_mut_doc *doc)
{
    size_t n = 0;
    char *text = doc ? memory_text(doc, doc->alc.ctx, YYJSON_WRITE_PRETTY, &n) : NULL;
    yyjson_mut_doc_free(doc);
    if (!text)
        return complain("out of memory");
    print_out((struct str){text, n});
    print_out(STR("\n"));
    free(text);
    return EXIT_FINE;
}
