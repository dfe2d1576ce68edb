/*
 * service.h - telling the service manager how we are (sd_notify(3)).
 *
 * Without systemd (no NOTIFY_SOCKET) these do nothing.
 */
#pragma once

void service_is_ready(void);
void service_is_reloading(void);
void service_is_stopping(void);
