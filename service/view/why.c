/* why.c - why an instance is as it is. */
#include "common/exit_code.h"
#include "service/view/human.h"
#include "service/view/member.h"
#include "service/view/view.h"

/* "crash STATUS_ACCESS_VIOLATION after 812ms, 6s ago". */
static void say_last(yyjson_val *last, struct buf *out)
{
    struct str name = member_text(last, "code_name"), limit = member_text(last, "limit");
    uint64_t code = member_number(last, "code"), ran = member_number(last, "ran_ms");
    uint64_t ago = member_number(last, "ago_ms");
    char text[HUMAN];
    buf_z(out, "last: ");
    buf_str(out, member_text(last, "cause"));
    if (limit.n > 0) {
        buf_char(out, ' ');
        buf_str(out, limit);
    }
    if (name.n > 0) {
        buf_char(out, ' ');
        buf_str(out, name);
    } else if (code <= UINT32_MAX) {
        buf_char(out, ' ');
        exit_code_print((uint32_t)code, out);
    }
    if (ran != NOT_KNOWN)
        buf_f(out, " after %s", human_time(ran, text));
    if (ago != NOT_KNOWN)
        buf_f(out, ", %s ago", human_time(ago, text));
}

void view_why(yyjson_val *instance, struct buf *out)
{
    struct str reason = member_text(instance, "reason");
    yyjson_val *last = member_object(instance, "last");
    uint64_t next = member_number(instance, "next_ms");
    size_t begin = out->n;
    char text[HUMAN];
    if (next != NOT_KNOWN)
        buf_f(out, "starts in %s", human_time(next, text));
    if (reason.n > 0) {
        buf_z(out, out->n > begin ? "; " : "");
        buf_str(out, reason);
    }
    if (member_yes(instance, "changed")) {
        buf_z(out, out->n > begin ? "; " : "");
        buf_z(out, "its changed definition waits for its turn");
    }
    if (member_text(last, "cause").n > 0) {
        buf_z(out, out->n > begin ? "; " : "");
        say_last(last, out);
    }
}
