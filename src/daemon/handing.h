/*
 * handing.h - what the desk hands to its courier: in whose names and with
 * which keys letters go out, and the alerts that wait for people.
 */
#pragma once

#include "courier/courier.h"
#include "daemon/requests.h"

/* Start the courier by the settings. Errors: CONFIG, TEMPORARY. */
Courier *handing_start(const Settings *settings, const CourierEvents *events,
                       GError **error);

/* Let the writer tell whom it is time to tell; config outlives it. */
void handing_alert(RequestsConfig *config);
