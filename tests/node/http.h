/* http.h - as much of HTTP as a test of servers on 127.0.0.1 needs. */
#ifndef JW_TESTS_NODE_HTTP_H
#define JW_TESTS_NODE_HTTP_H

#include "common/buf.h"

#include <stdint.h>

/* Once before all else, and at the end. */
bool http_open(void);
void http_close(void);

/* Is nobody listening there? */
bool port_free(uint16_t port);
/* `GET /`; appends the whole answer.  False when nobody answers, or not with 200. */
bool http_get(uint16_t port, struct buf *answer);

#endif
