/*
 * loop_uv.h - the libuv loop inside a Loop; for the files of receive/ only.
 */
#pragma once

#include "receive/loop.h"

struct uv_loop_s *loop_uv(Loop *loop);
