/* scm_status.h - the status that the SCM sees: one lock, one function, legal steps only. */
#ifndef JW_HOST_SCM_STATUS_H
#define JW_HOST_SCM_STATUS_H

#include <stdbool.h>
#include <windows.h>

struct scm_status {
    SRWLOCK lock;
    SERVICE_STATUS_HANDLE handle;
    SERVICE_STATUS now;
};

/* May STATE follow the present one?  RUNNING never follows STOP_PENDING, nothing follows STOPPED. 
 * Pure. */
bool scm_step_allowed(DWORD from, DWORD to);

/* Reports STATE; in a pending state the check point rises with each call and HINT_MS is how long
 * the next may take. A step that is not allowed is left out and false returned.  Any thread. */
bool scm_report(struct scm_status *s, DWORD state, DWORD exit_code, DWORD hint_ms);

#endif
