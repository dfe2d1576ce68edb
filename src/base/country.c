#include "base/country.h"

#include <glib.h>
#include <string.h>

typedef struct {
    char code[3];
    bool is_eu;
    const char *name;
} Country;

/* Sorted by code. To add one: a row, when ISO 3166/MA publishes it. */
// clang-format off
static const Country COUNTRIES[] = {
    {"AD", false, "Andorra"},
    {"AE", false, "The United Arab Emirates"},
    {"AF", false, "Afghanistan"},
    {"AG", false, "Antigua & Barbuda"},
    {"AI", false, "Anguilla"},
    {"AL", false, "Albania"},
    {"AM", false, "Armenia"},
    {"AO", false, "Angola"},
    {"AQ", false, "Antarctica"},
    {"AR", false, "Argentina"},
    {"AS", false, "American Samoa"},
    {"AT", true, "Austria"},
    {"AU", false, "Australia"},
    {"AW", false, "Aruba"},
    {"AX", false, "Åland Islands"},
    {"AZ", false, "Azerbaijan"},
    {"BA", false, "Bosnia & Herzegovina"},
    {"BB", false, "Barbados"},
    {"BD", false, "Bangladesh"},
    {"BE", true, "Belgium"},
    {"BF", false, "Burkina Faso"},
    {"BG", true, "Bulgaria"},
    {"BH", false, "Bahrain"},
    {"BI", false, "Burundi"},
    {"BJ", false, "Benin"},
    {"BL", false, "Saint Barthélemy"},
    {"BM", false, "Bermuda"},
    {"BN", false, "Brunei"},
    {"BO", false, "Bolivia"},
    {"BQ", false, "Caribbean Netherlands"},
    {"BR", false, "Brazil"},
    {"BS", false, "Bahamas"},
    {"BT", false, "Bhutan"},
    {"BV", false, "Bouvet Island"},
    {"BW", false, "Botswana"},
    {"BY", false, "Belarus"},
    {"BZ", false, "Belize"},
    {"CA", false, "Canada"},
    {"CC", false, "Cocos (Keeling) Islands"},
    {"CD", false, "DR Congo"},
    {"CF", false, "Central African Republic"},
    {"CG", false, "Congo"},
    {"CH", false, "Switzerland"},
    {"CI", false, "Côte d'Ivoire"},
    {"CK", false, "Cook Islands"},
    {"CL", false, "Chile"},
    {"CM", false, "Cameroon"},
    {"CN", false, "China"},
    {"CO", false, "Colombia"},
    {"CR", false, "Costa Rica"},
    {"CU", false, "Cuba"},
    {"CV", false, "Cape Verde"},
    {"CW", false, "Curaçao"},
    {"CX", false, "Christmas Island"},
    {"CY", true, "Cyprus"},
    {"CZ", true, "Czechia"},
    {"DE", true, "Germany"},
    {"DJ", false, "Djibouti"},
    {"DK", true, "Denmark"},
    {"DM", false, "Dominica"},
    {"DO", false, "Dominican Republic"},
    {"DZ", false, "Algeria"},
    {"EC", false, "Ecuador"},
    {"EE", true, "Estonia"},
    {"EG", false, "Egypt"},
    {"EH", false, "Western Sahara"},
    {"ER", false, "Eritrea"},
    {"ES", true, "Spain"},
    {"ET", false, "Ethiopia"},
    {"FI", true, "Finland"},
    {"FJ", false, "Fiji"},
    {"FK", false, "Falkland Islands"},
    {"FM", false, "Micronesia"},
    {"FO", false, "Faroe Islands"},
    {"FR", true, "France"},
    {"GA", false, "Gabon"},
    {"GB", false, "The United Kingdom"},
    {"GD", false, "Grenada"},
    {"GE", false, "Georgia"},
    {"GF", false, "French Guiana"},
    {"GG", false, "Guernsey"},
    {"GH", false, "Ghana"},
    {"GI", false, "Gibraltar"},
    {"GL", false, "Greenland"},
    {"GM", false, "Gambia"},
    {"GN", false, "Guinea"},
    {"GP", false, "Guadeloupe"},
    {"GQ", false, "Equatorial Guinea"},
    {"GR", true, "Greece"},
    {"GS", false, "South Georgia & the South Sandwich Islands"},
    {"GT", false, "Guatemala"},
    {"GU", false, "Guam"},
    {"GW", false, "Guinea-Bissau"},
    {"GY", false, "Guyana"},
    {"HK", false, "Hong Kong"},
    {"HM", false, "Heard Island & McDonald Islands"},
    {"HN", false, "Honduras"},
    {"HR", true, "Croatia"},
    {"HT", false, "Haiti"},
    {"HU", true, "Hungary"},
    {"ID", false, "Indonesia"},
    {"IE", true, "Ireland"},
    {"IL", false, "Israel"},
    {"IM", false, "Isle of Man"},
    {"IN", false, "India"},
    {"IO", false, "British Indian Ocean Territory"},
    {"IQ", false, "Iraq"},
    {"IR", false, "Iran"},
    {"IS", false, "Iceland"},
    {"IT", true, "Italy"},
    {"JE", false, "Jersey"},
    {"JM", false, "Jamaica"},
    {"JO", false, "Jordan"},
    {"JP", false, "Japan"},
    {"KE", false, "Kenya"},
    {"KG", false, "Kyrgyzstan"},
    {"KH", false, "Cambodia"},
    {"KI", false, "Kiribati"},
    {"KM", false, "Comoros"},
    {"KN", false, "St Kitts & Nevis"},
    {"KP", false, "North Korea"},
    {"KR", false, "South Korea"},
    {"KW", false, "Kuwait"},
    {"KY", false, "Cayman Islands"},
    {"KZ", false, "Kazakhstan"},
    {"LA", false, "Laos"},
    {"LB", false, "Lebanon"},
    {"LC", false, "St Lucia"},
    {"LI", false, "Liechtenstein"},
    {"LK", false, "Sri Lanka"},
    {"LR", false, "Liberia"},
    {"LS", false, "Lesotho"},
    {"LT", true, "Lithuania"},
    {"LU", true, "Luxembourg"},
    {"LV", true, "Latvia"},
    {"LY", false, "Libya"},
    {"MA", false, "Morocco"},
    {"MC", false, "Monaco"},
    {"MD", false, "Moldova"},
    {"ME", false, "Montenegro"},
    {"MF", false, "St Martin (French)"},
    {"MG", false, "Madagascar"},
    {"MH", false, "Marshall Islands"},
    {"MK", false, "North Macedonia"},
    {"ML", false, "Mali"},
    {"MM", false, "Myanmar"},
    {"MN", false, "Mongolia"},
    {"MO", false, "Macau"},
    {"MP", false, "Northern Mariana Islands"},
    {"MQ", false, "Martinique"},
    {"MR", false, "Mauritania"},
    {"MS", false, "Montserrat"},
    {"MT", true, "Malta"},
    {"MU", false, "Mauritius"},
    {"MV", false, "Maldives"},
    {"MW", false, "Malawi"},
    {"MX", false, "Mexico"},
    {"MY", false, "Malaysia"},
    {"MZ", false, "Mozambique"},
    {"NA", false, "Namibia"},
    {"NC", false, "New Caledonia"},
    {"NE", false, "Niger"},
    {"NF", false, "Norfolk Island"},
    {"NG", false, "Nigeria"},
    {"NI", false, "Nicaragua"},
    {"NL", true, "The Netherlands"},
    {"NO", false, "Norway"},
    {"NP", false, "Nepal"},
    {"NR", false, "Nauru"},
    {"NU", false, "Niue"},
    {"NZ", false, "New Zealand"},
    {"OM", false, "Oman"},
    {"PA", false, "Panama"},
    {"PE", false, "Peru"},
    {"PF", false, "French Polynesia"},
    {"PG", false, "Papua New Guinea"},
    {"PH", false, "Philippines"},
    {"PK", false, "Pakistan"},
    {"PL", true, "Poland"},
    {"PM", false, "St Pierre & Miquelon"},
    {"PN", false, "Pitcairn"},
    {"PR", false, "Puerto Rico"},
    {"PS", false, "Palestine"},
    {"PT", true, "Portugal"},
    {"PW", false, "Palau"},
    {"PY", false, "Paraguay"},
    {"QA", false, "Qatar"},
    {"RE", false, "Réunion"},
    {"RO", true, "Romania"},
    {"RS", false, "Serbia"},
    {"RU", false, "Russia"},
    {"RW", false, "Rwanda"},
    {"SA", false, "Saudi Arabia"},
    {"SB", false, "Solomon Islands"},
    {"SC", false, "Seychelles"},
    {"SD", false, "Sudan"},
    {"SE", true, "Sweden"},
    {"SG", false, "Singapore"},
    {"SH", false, "St Helena"},
    {"SI", true, "Slovenia"},
    {"SJ", false, "Svalbard & Jan Mayen"},
    {"SK", true, "Slovakia"},
    {"SL", false, "Sierra Leone"},
    {"SM", false, "San Marino"},
    {"SN", false, "Senegal"},
    {"SO", false, "Somalia"},
    {"SR", false, "Suriname"},
    {"SS", false, "South Sudan"},
    {"ST", false, "Sao Tome & Principe"},
    {"SV", false, "El Salvador"},
    {"SX", false, "St Maarten (Dutch)"},
    {"SY", false, "Syria"},
    {"SZ", false, "Eswatini (Swaziland)"},
    {"TC", false, "Turks & Caicos Is"},
    {"TD", false, "Chad"},
    {"TF", false, "French S. Terr."},
    {"TG", false, "Togo"},
    {"TH", false, "Thailand"},
    {"TJ", false, "Tajikistan"},
    {"TK", false, "Tokelau"},
    {"TL", false, "East Timor"},
    {"TM", false, "Turkmenistan"},
    {"TN", false, "Tunisia"},
    {"TO", false, "Tonga"},
    {"TR", false, "Türkiye"},
    {"TT", false, "Trinidad & Tobago"},
    {"TV", false, "Tuvalu"},
    {"TW", false, "Taiwan"},
    {"TZ", false, "Tanzania"},
    {"UA", false, "Ukraine"},
    {"UG", false, "Uganda"},
    {"UM", false, "US minor outlying islands"},
    {"US", false, "The United States"},
    {"UY", false, "Uruguay"},
    {"UZ", false, "Uzbekistan"},
    {"VA", false, "Vatican City"},
    {"VC", false, "St Vincent"},
    {"VE", false, "Venezuela"},
    {"VG", false, "Virgin Islands (UK)"},
    {"VI", false, "Virgin Islands (US)"},
    {"VN", false, "Vietnam"},
    {"VU", false, "Vanuatu"},
    {"WF", false, "Wallis & Futuna"},
    {"WS", false, "Samoa (western)"},
    {"YE", false, "Yemen"},
    {"YT", false, "Mayotte"},
    {"ZA", false, "South Africa"},
    {"ZM", false, "Zambia"},
    {"ZW", false, "Zimbabwe"},
};

/* What people write instead, and what they mean. */
static const struct {
    const char *text, *code;
} MEANT[] = {
    {"UK", "GB"},          {"England", "GB"},  {"Great Britain", "GB"},
    {"EL", "GR"},          {"USA", "US"},      {"United States", "US"},
    {"United Kingdom", "GB"}, {"Holland", "NL"}, {"Netherlands", "NL"},
    {"Czech Republic", "CZ"}, {"Turkey", "TR"},  {"Deutschland", "DE"},
};
// clang-format on

static const Country *country_find(const char *code)
{
    size_t low = 0, high = G_N_ELEMENTS(COUNTRIES);
    while (low < high) {
        size_t middle = (low + high) / 2;
        int order = strcmp(code, COUNTRIES[middle].code);
        if (order == 0)
            return &COUNTRIES[middle];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

bool country_is_known(const char *code)
{
    return country_find(code) != NULL;
}

bool country_is_eu(const char *code)
{
    const Country *country = country_find(code);
    return country && country->is_eu;
}

const char *country_name(const char *code)
{
    const Country *country = country_find(code);
    return country ? country->name : NULL;
}

const char *country_meant(const char *text)
{
    for (size_t i = 0; i < G_N_ELEMENTS(MEANT); i++)
        if (g_ascii_strcasecmp(text, MEANT[i].text) == 0)
            return MEANT[i].code;
    for (size_t i = 0; i < G_N_ELEMENTS(COUNTRIES); i++)
        if (g_ascii_strcasecmp(text, COUNTRIES[i].code) == 0 ||
            g_ascii_strcasecmp(text, COUNTRIES[i].name) == 0)
            return COUNTRIES[i].code;
    return NULL;
}
