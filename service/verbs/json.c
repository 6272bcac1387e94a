/* json.c - the end of every --json. */
#include "service/verbs/json.h"

#include "service/host/logger.h"
#include "service/verbs/verbs.h"

#include <stdlib.h>

int print_document(yyjson_mut_doc *doc)
{
    size_t n = 0;
    char *text = yyjson_mut_write(doc, YYJSON_WRITE_PRETTY, &n);
    yyjson_mut_doc_free(doc);
    if (!text) /* also when anything before could not be added */
        return complain("out of memory");
    print_out((struct str){text, n});
    print_out(STR("\n"));
    free(text);
    return EXIT_FINE;
}
