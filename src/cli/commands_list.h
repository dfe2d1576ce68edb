/*
 * commands_list.h - every command there is, for the table in commands.c.
 *
 * To add one: a cmd_NAME.c that defines it, its line here, its row in
 * commands.c, its section in exitdesk(1); with --json its schema in
 * contrib/schema/.
 */
#pragma once

#include "cli/commands.h"

extern const Command command_alert_acknowledge;
extern const Command command_alert_list;
extern const Command command_case_assign;
extern const Command command_case_brief;
extern const Command command_case_close;
extern const Command command_case_done;
extern const Command command_case_join;
extern const Command command_case_note;
extern const Command command_case_reopen;
extern const Command command_case_split;
extern const Command command_case_list;
extern const Command command_case_show;
extern const Command command_completion;
extern const Command command_config;
extern const Command command_config_check;
extern const Command command_contact_confirm;
extern const Command command_contact_list;
extern const Command command_contact_read;
extern const Command command_contact_verify;
extern const Command command_demo;
extern const Command command_doctor;
extern const Command command_draft_approve;
extern const Command command_draft_edit;
extern const Command command_draft_list;
extern const Command command_draft_show;
extern const Command command_draft_stop;
extern const Command command_draft_write;
extern const Command command_law_explain;
extern const Command command_law_list;
extern const Command command_member_acknowledge;
extern const Command command_member_add;
extern const Command command_key_make;
extern const Command command_member_invite;
extern const Command command_member_consent;
extern const Command command_member_promote;
extern const Command command_member_pause;
extern const Command command_member_resume;
extern const Command command_member_withdraw;
extern const Command command_member_end;
extern const Command command_member_export;
extern const Command command_member_list;
extern const Command command_member_notices;
extern const Command command_notice_list;
extern const Command command_notice_seen;
extern const Command command_member_relays;
extern const Command command_member_show;
extern const Command command_member_suggest;
extern const Command command_breaker_close;
extern const Command command_pause;
extern const Command command_policy_explain;
extern const Command command_policy_lint;
extern const Command command_policy_list;
extern const Command command_policy_rules;
extern const Command command_profile_approve;
extern const Command command_profile_check;
extern const Command command_profile_list;
extern const Command command_profile_make;
extern const Command command_profile_show;
extern const Command command_policy_show;
extern const Command command_relay_coverage;
extern const Command command_relay_import;
extern const Command command_relay_list;
extern const Command command_relay_lookup;
extern const Command command_relay_prove;
extern const Command command_relay_status;
extern const Command command_relay_whois;
extern const Command command_remedy_agree;
extern const Command command_remedy_list;
extern const Command command_remedy_look;
extern const Command command_remedy_propose;
extern const Command command_remedy_show;
extern const Command command_remedy_torrc;
extern const Command command_remedy_withdraw;
extern const Command command_replay;
extern const Command command_resume;
extern const Command command_template_languages;
extern const Command command_template_lint;
extern const Command command_template_list;
extern const Command command_template_preview;
extern const Command command_template_routes;
extern const Command command_template_words;
extern const Command command_todo;
extern const Command command_why;
