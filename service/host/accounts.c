/* accounts.c - see accounts.h.  Kernel and sampler each know a lower bound; the larger counts. */
#include "service/host/accounts.h"

#include "service/host/runs_impl.h"
#include "service/job/account.h"

/* False where the kernel does not answer; then the sampler's word is all there is. */
static bool ask(const struct runs *r, const struct seat *at, struct account *ret)
{
    if (!at->upper)
        return run_account(r->run[at->slot], ret);
    return at->upper->job && job_account(job_handle(at->upper->job), ret, NULL) == ST_OK;
}

struct account account_of_run(const struct runs *r, size_t slot)
{
    struct account kernel = {0};
    bool known = ask(r, &(struct seat){.slot = slot}, &kernel);
    return level_present(levels_instance(r->levels, slot), known ? &kernel : NULL);
}

struct account account_at(const struct runs *r, const struct seat *at)
{
    struct account kernel = {0};
    bool known = ask(r, at, &kernel);
    return level_account_with(seat_level(r, at), known ? &kernel : NULL);
}

struct account account_of_fleet(const struct runs *r)
{
    struct account sum = levels_gone(r->levels);
    struct upper *fleet = levels_fleet(r->levels);
    if (fleet)
        return account_at(r, &(struct seat){.upper = fleet});
    for (size_t i = 0; i < r->n; i++) {
        const struct account a = account_at(r, &(struct seat){.slot = i});
        account_add(&sum, &a);
    }
    return sum;
}
