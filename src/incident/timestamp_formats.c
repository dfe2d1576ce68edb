/*
 * To add one: a row with the pattern (letters explained in timestamp.c), an
 * example from the field and what stamp_new_text() must print for it. The
 * first row that matches at a place wins, so longer patterns stand before
 * shorter ones; a test runs every example and fails if an earlier row steals
 * it. Where two rows would read the same words differently, the more specific
 * comes first.
 */
#include "incident/timestamp.h"

const StampFormat STAMP_FORMATS[] = {
    /* year first */
    {"iso", STAMP_FULL, "%Y-%m-%d%~%T%z", "2015-11-13T20:35:03.88Z",
     "2015-11-13 20:35:03 +00:00"},
    {"iso percent-encoded", STAMP_FULL, "%Y-%m-%dT%H%%3A%M%%3A%S%z",
     "2024-03-20T05%3A15%3A03.514Z", "2024-03-20 05:15:03 +00:00"},
    {"year/month/day", STAMP_FULL, "%Y/%m/%d%~%T%z",
     "2018/07/03 21:59:10 PM(GMT+0)", "2018-07-03 21:59:10 +00:00"},
    {"year.month.day", STAMP_FULL, "%Y.%m.%d%~%T%z", "2021.02.27 06:51:35 MSK",
     "2021-02-27 06:51:35 +03:00"},
    {"year/name/day", STAMP_FULL, "%Y%/%b%/%d%~%T%z",
     "2023/Sep/25 00:00:02 (GMT+8)", "2023-09-25 00:00:02 +08:00"},
    {"year name day", STAMP_FULL, "%Y %b %d%~%T%z", "2020 Dec 29 06:53:01 EDT",
     "2020-12-29 06:53:01 -04:00"},
    {"year month day in Chinese characters", STAMP_FULL,
     "%Y\xe5\xb9\xb4%m\xe6\x9c\x88%d\xe6\x97\xa5%~%T%z",
     "2026\xe5\xb9\xb4"
     "3\xe6\x9c\x88"
     "24\xe6\x97\xa5 09:15:30 JST",
     "2026-03-24 09:15:30 +09:00"},
    {"db2", STAMP_FULL, "%Y-%m-%d-%H.%M.%S%z", "2019-04-15-14.02.07 UTC",
     "2019-04-15 14:02:07 +00:00"},
    {"file name", STAMP_FULL, "%Y-%m-%d_%H-%M-%S%z", "2021-11-24_22-26-38",
     "2021-11-24 22:26:38 no zone"},
    {"iso basic", STAMP_FULL, "%8T%6%z", "20240415T102030Z",
     "2024-04-15 10:20:30 +00:00"},
    {"digits", STAMP_FULL, "%8%6%z", "20240415102030",
     "2024-04-15 10:20:30 no zone"},
    {"digits and time", STAMP_FULL, "%8%~%T%z", "20240415 10:20:30 CET",
     "2024-04-15 10:20:30 +01:00"},

    /* weekday first */
    {"rfc 5322", STAMP_FULL, "%a %d %b %Y%~%T%z",
     "Sat, 02 Nov 2024 20:13:45 +0100 (CET)", "2024-11-02 20:13:45 +01:00"},
    {"rfc 850", STAMP_FULL, "%a %d-%b-%y%~%T%z",
     "Sunday, 06-Nov-94 08:49:37 GMT", "1994-11-06 08:49:37 +00:00"},
    {"rfc 822", STAMP_FULL, "%a %d %b %y%~%T%z", "Tue, 11 Nov 03 17:07:06 GMT",
     "2003-11-11 17:07:06 +00:00"},
    {"javascript", STAMP_FULL, "%a %b %d%, %Y%~%T%z",
     "Sat Jan 07 2023 12:48:36 GMT-0500 (Eastern Standard Time)",
     "2023-01-07 12:48:36 -05:00"},
    {"date(1)", STAMP_FULL, "%a %b %d %T %Z %Y", "Thu Jul  8 15:06:47 JST 2021",
     "2021-07-08 15:06:47 +09:00"},
    {"date(1) day first", STAMP_FULL, "%a %d %b %T %Z %Y",
     "Do 14. Apr 06:00:54 CEST 2022", "2022-04-14 06:00:54 +02:00"},
    {"asctime", STAMP_FULL, "%a %b %d %T %Y%z", "Fri Sep 15 18:55:37 2023",
     "2023-09-15 18:55:37 no zone"},
    {"asctime no year", STAMP_FULL, "%a %b %d%, %T%z",
     "Tue Oct 23 18:13:36 CEST", "0000-10-23 18:13:36 +02:00"},
    {"weekday d.m.Y", STAMP_FULL, "%a %d.%m.%Y%~%T%z", "Mo 10.12.2017 07:06:00",
     "2017-12-10 07:06:00 no zone"},
    {"weekday x/x/Y", STAMP_FULL, "%a %x/%x/%Y%~%T%z",
     "Tue 10/24/2017 07:06:00 AM", "2017-10-24 07:06:00 no zone"},

    /* day, month name */
    {"apache", STAMP_FULL, "%d/%b/%Y%~%T%z", "31/Jan/2014:07:19:02 +0100",
     "2014-01-31 07:19:02 +01:00"},
    {"day-name-year", STAMP_FULL, "%d-%b-%Y%~%T%z",
     "21-sep-2016 06:30:00 GMT-0400", "2016-09-21 06:30:00 -04:00"},
    {"day.name.year", STAMP_FULL, "%d.%b%Y%~%T%z",
     "07.Dec.2021 - 08:06:10 PM (UTC)", "2021-12-07 20:06:10 +00:00"},
    {"day name year", STAMP_FULL, "%d %b%, %Y%~%T%z",
     "24 марта 2024, 4:58 +03:00", "2024-03-24 04:58:00 +03:00"},
    {"day-name-year short", STAMP_FULL, "%d-%b-%y%~%T%z", "02-Jan-25 03:04 UTC",
     "2025-01-02 03:04:00 +00:00"},
    {"day name year short", STAMP_FULL, "%d %b %y%~%T%z", "02 Jan 25 03:04 UTC",
     "2025-01-02 03:04:00 +00:00"},
    {"day name no year", STAMP_FULL, "%d %b%~%T%z", "28 Sep 11:23:02",
     "0000-09-28 11:23:02 no zone"},

    /* month name, day */
    {"name/day/year", STAMP_FULL, "%b%/%d%/%Y%~%T%z",
     "Mar/30/2022 02:07:20 CDT", "2022-03-30 02:07:20 -05:00"},
    {"name day year", STAMP_FULL, "%b%, %d%, %Y%~%T%z",
     "Nov 29, 2022 @ 09:25:03.671", "2022-11-29 09:25:03 no zone"},
    {"name day time year", STAMP_FULL, "%b %d %T %Z %Y",
     "Mar 30 02:07:20 CDT 2022", "2022-03-30 02:07:20 -05:00"},
    {"syslog with year", STAMP_FULL, "%b %d %T %Y%z", "Sep 28 11:23:02 2020",
     "2020-09-28 11:23:02 no zone"},
    {"syslog", STAMP_FULL, "%b %d%, %T%z", "Sep  8 11:23:02",
     "0000-09-08 11:23:02 no zone"},

    /* numbers only */
    {"d.m.Y", STAMP_FULL, "%d.%m.%Y%~%T%z", "10.12.2017 07:06:00",
     "2017-12-10 07:06:00 no zone"},
    {"d.m.Y blanks", STAMP_FULL, "%d. %m. %Y%~%T%z", "10. 12. 2017 07:06",
     "2017-12-10 07:06:00 no zone"},
    {"d.m.y", STAMP_FULL, "%d.%m.%y%~%T%z", "16.6.22 07:06",
     "2022-06-16 07:06:00 no zone"},
    {"x/x/Y", STAMP_FULL, "%x/%x/%Y%~%T%z", "5/6/2022 2:47:18 PM",
     "2022-05-06|2022-06-05 14:47:18 no zone"},
    {"x-x-Y", STAMP_FULL, "%x-%x-%Y%~%T%z", "25-06-2022 14:47:18 +0200",
     "2022-06-25 14:47:18 +02:00"},
    {"x/x/y", STAMP_FULL, "%x/%x/%y%~%T%z", "23/01/22 14:47:18",
     "2022-01-23 14:47:18 no zone"},
    {"x-x-y", STAMP_FULL, "%x-%x-%y%~%T%z", "03-01-22 14:47:18",
     "2022-03-01|2022-01-03 14:47:18 no zone"},
    {"x/x", STAMP_FULL, "%x/%x%~%T%z", "12/15-18:00:17.123",
     "0000-12-15 18:00:17 no zone"},

    /* time first */
    {"time Y-m-d", STAMP_FULL, "%T%z%,%o%Y-%m-%d", "11:33:02 UTC 2022-10-11",
     "2022-10-11 11:33:02 +00:00"},
    {"time day name year", STAMP_FULL, "%T%z%,%o%w%d %b%, %Y",
     "10:07 UTC on 12 May 2020", "2020-05-12 10:07:00 +00:00"},
    {"time name day year", STAMP_FULL, "%T%z%,%o%w%b %d%, %Y",
     "4:36 PM EDT on April 22nd, 2021", "2021-04-22 16:36:00 -04:00"},
    {"time d.m.Y", STAMP_FULL, "%T%z%,%o%d.%m.%Y", "14:02:07 03.02.2023",
     "2023-02-03 14:02:07 no zone"},
    {"time x/x/Y", STAMP_FULL, "%T%z%,%o%x/%x/%Y", "14:02:07 23/02/2023",
     "2023-02-23 14:02:07 no zone"},

    /* day only */
    {"weekday day name year", STAMP_DAY, "%a %d %b%, %Y", "Sat, 02 Nov 2024",
     "2024-11-02 no zone"},
    {"weekday name day year", STAMP_DAY, "%a %b %d%, %Y",
     "Sunday, November 2, 2024", "2024-11-02 no zone"},
    {"Y-m-d", STAMP_DAY, "%Y-%m-%d", "2023-08-14", "2023-08-14 no zone"},
    {"Y/m/d", STAMP_DAY, "%Y/%m/%d", "2023/08/14", "2023-08-14 no zone"},
    {"Y.m.d", STAMP_DAY, "%Y.%m.%d", "2023.08.14", "2023-08-14 no zone"},
    {"Chinese characters only", STAMP_DAY,
     "%Y\xe5\xb9\xb4%m\xe6\x9c\x88%d\xe6\x97\xa5",
     "2026\xe5\xb9\xb4"
     "3\xe6\x9c\x88"
     "24\xe6\x97\xa5",
     "2026-03-24 no zone"},
    {"d-name-Y", STAMP_DAY, "%d%/%b%/%Y", "14-Aug-2023", "2023-08-14 no zone"},
    {"d name Y", STAMP_DAY, "%d %b%, %Y", "14th of August 2023",
     "2023-08-14 no zone"},
    {"name d Y", STAMP_DAY, "%b %d%, %Y", "August 14, 2023",
     "2023-08-14 no zone"},
    {"d.m.Y only", STAMP_DAY, "%d.%m.%Y", "14.08.2023", "2023-08-14 no zone"},
    {"d. m. Y only", STAMP_DAY, "%d. %m. %Y", "14. 8. 2023",
     "2023-08-14 no zone"},
    {"x/x/Y only", STAMP_DAY, "%x/%x/%Y", "01/12/2019",
     "2019-01-12|2019-12-01 no zone"},
    {"d.m.y only", STAMP_DAY, "%d.%m.%y", "16.6.22", "2022-06-16 no zone"},
    {"x/x/y only", STAMP_DAY, "%x/%x/%y", "23/01/22", "2022-01-23 no zone"},
    {"x-x-Y only", STAMP_DAY, "%x-%x-%Y", "14-08-2023", "2023-08-14 no zone"},

    /* counted */
    {"epoch fraction", STAMP_EPOCH, "%e.%f", "1646204346.409600",
     "@1646204346"},
    {"epoch", STAMP_EPOCH, "%e", "1726798443", "@1726798443"},
    {"epoch ms", STAMP_EPOCH, "%E", "1726798443123", "@1726798443"},

    /* counted back from the mail */
    {"ago", STAMP_RELATIVE, "%n%_%u%_%g", "15 minutes ago", "870..930 s ago"},
    {"ago first", STAMP_RELATIVE, "%g%_%n%_%u", "vor 2 Stunden",
     "5400..9000 s ago"},
    {"within", STAMP_RELATIVE, "%l%_%n%_%u", "within the last two days",
     "0..172800 s ago"},
    {"within one", STAMP_RELATIVE, "%l%_%u", "in the last hour",
     "0..3600 s ago"},

    /* time only */
    {"time", STAMP_TIME, "%T%z", "02:50:10 UTC", "02:50:10 +00:00"},
    {NULL, STAMP_TIME, NULL, NULL, NULL},
};
