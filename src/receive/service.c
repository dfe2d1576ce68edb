#include "receive/service.h"

#include <glib.h>
#include <systemd/sd-daemon.h>

void service_is_ready(void)
{
    sd_notify(0, "READY=1\nSTATUS=receiving");
}

void service_is_reloading(void)
{
    sd_notifyf(0, "RELOADING=1\nMONOTONIC_USEC=%" G_GINT64_FORMAT,
               g_get_monotonic_time());
}

void service_is_stopping(void)
{
    sd_notify(0, "STOPPING=1\nSTATUS=finishing sessions");
}
