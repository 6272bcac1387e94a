/* member.c - reading without belief. */
#include "service/view/member.h"

struct str value_text(yyjson_val *v)
{
    const char *p = yyjson_get_str(v);
    return (struct str){p, p ? yyjson_get_len(v) : 0};
}

struct str member_text(yyjson_val *v, const char *key)
{
    return value_text(yyjson_obj_get(v, key));
}

uint64_t member_number(yyjson_val *v, const char *key)
{
    yyjson_val *m = yyjson_obj_get(v, key);
    return yyjson_is_uint(m) ? yyjson_get_uint(m) : NOT_KNOWN;
}

uint64_t member_count(yyjson_val *v, const char *key)
{
    return yyjson_get_uint(yyjson_obj_get(v, key));
}

bool member_yes(yyjson_val *v, const char *key)
{
    return yyjson_get_bool(yyjson_obj_get(v, key));
}

yyjson_val *member_list(yyjson_val *v, const char *key)
{
    yyjson_val *m = yyjson_obj_get(v, key);
    return yyjson_is_arr(m) ? m : NULL;
}

yyjson_val *member_object(yyjson_val *v, const char *key)
{
    yyjson_val *m = yyjson_obj_get(v, key);
    return yyjson_is_obj(m) ? m : NULL;
}
