#include "settings/settings.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autoptr(GPtrArray) errors = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GBytes) bytes = g_bytes_new_static(data, size);
    g_autoptr(YamlFile) file = yaml_parse("fuzz", bytes, errors);
    g_autoptr(SchemaValues) values = schema_values_new(settings_member_rows());
    if (file)
        schema_read(values, file, errors);
    g_autofree char *printed = schema_print(values, SCHEMA_PRINT_ALL);
    return 0;
}
