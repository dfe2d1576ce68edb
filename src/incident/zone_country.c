/*
 * To add one: a country with one time zone on its mainland, by its top level
 * domain. Countries with several stand here only if nearly all live in one.
 */
#include "incident/zone.h"

#include <string.h>

static const struct {
    const char *ending, *rules;
} COUNTRIES[] = {
    {".ad", "Europe/Andorra"},      {".ae", "Asia/Dubai"},
    {".af", "Asia/Kabul"},          {".al", "Europe/Tirane"},
    {".am", "Asia/Yerevan"},        {".ar", "America/Argentina/Buenos_Aires"},
    {".at", "Europe/Vienna"},       {".az", "Asia/Baku"},
    {".ba", "Europe/Sarajevo"},     {".bd", "Asia/Dhaka"},
    {".be", "Europe/Brussels"},     {".bg", "Europe/Sofia"},
    {".bo", "America/La_Paz"},      {".by", "Europe/Minsk"},
    {".ch", "Europe/Zurich"},       {".cl", "America/Santiago"},
    {".cn", "Asia/Shanghai"},       {".cr", "America/Costa_Rica"},
    {".cy", "Europe/Athens"},       {".cz", "Europe/Prague"},
    {".de", "Europe/Berlin"},       {".dk", "Europe/Copenhagen"},
    {".dz", "Africa/Algiers"},      {".ee", "Europe/Tallinn"},
    {".eg", "Africa/Cairo"},        {".es", "Europe/Madrid"},
    {".fi", "Europe/Helsinki"},     {".fr", "Europe/Paris"},
    {".ge", "Asia/Tbilisi"},        {".gr", "Europe/Athens"},
    {".gt", "America/Guatemala"},   {".hk", "Asia/Hong_Kong"},
    {".hr", "Europe/Zagreb"},       {".hu", "Europe/Budapest"},
    {".ie", "Europe/Dublin"},       {".il", "Asia/Jerusalem"},
    {".in", "Asia/Kolkata"},        {".iq", "Asia/Baghdad"},
    {".ir", "Asia/Tehran"},         {".is", "Atlantic/Reykjavik"},
    {".it", "Europe/Rome"},         {".jo", "Asia/Amman"},
    {".jp", "Asia/Tokyo"},          {".ke", "Africa/Nairobi"},
    {".kg", "Asia/Bishkek"},        {".kr", "Asia/Seoul"},
    {".kw", "Asia/Kuwait"},         {".lb", "Asia/Beirut"},
    {".lk", "Asia/Colombo"},        {".lt", "Europe/Vilnius"},
    {".lu", "Europe/Luxembourg"},   {".lv", "Europe/Riga"},
    {".ma", "Africa/Casablanca"},   {".mc", "Europe/Monaco"},
    {".md", "Europe/Chisinau"},     {".mk", "Europe/Skopje"},
    {".mt", "Europe/Malta"},        {".my", "Asia/Kuala_Lumpur"},
    {".ng", "Africa/Lagos"},        {".nl", "Europe/Amsterdam"},
    {".no", "Europe/Oslo"},         {".np", "Asia/Kathmandu"},
    {".nz", "Pacific/Auckland"},    {".pa", "America/Panama"},
    {".pe", "America/Lima"},        {".ph", "Asia/Manila"},
    {".pk", "Asia/Karachi"},        {".pl", "Europe/Warsaw"},
    {".pt", "Europe/Lisbon"},       {".py", "America/Asuncion"},
    {".qa", "Asia/Qatar"},          {".ro", "Europe/Bucharest"},
    {".rs", "Europe/Belgrade"},     {".sa", "Asia/Riyadh"},
    {".se", "Europe/Stockholm"},    {".sg", "Asia/Singapore"},
    {".si", "Europe/Ljubljana"},    {".sk", "Europe/Bratislava"},
    {".th", "Asia/Bangkok"},        {".tn", "Africa/Tunis"},
    {".tr", "Europe/Istanbul"},     {".tw", "Asia/Taipei"},
    {".ua", "Europe/Kiev"},         {".uk", "Europe/London"},
    {".uy", "America/Montevideo"},  {".uz", "Asia/Tashkent"},
    {".ve", "America/Caracas"},     {".vn", "Asia/Ho_Chi_Minh"},
    {".za", "Africa/Johannesburg"},
};

GTimeZone *zone_of_sender(const char *address, const char **ending)
{
    const char *dot = address ? strrchr(address, '.') : NULL;
    if (!dot)
        return NULL;
    for (size_t i = 0; i < G_N_ELEMENTS(COUNTRIES); i++)
        if (g_ascii_strcasecmp(dot, COUNTRIES[i].ending) == 0) {
            *ending = COUNTRIES[i].ending;
            return zone_rules(COUNTRIES[i].rules, strlen(COUNTRIES[i].rules));
        }
    return NULL;
}
