"""Turn the schema files, in order, into a C array of strings."""
import sys

output, *sources = sys.argv[1:]
with open(output, "w") as out:
    out.write('#include "store/database.h"\n\n')
    out.write("const char *const SCHEMA_STEPS[] = {\n")
    for source in sources:
        with open(source) as step:
            for line in step:
                text = line.rstrip("\n").replace("\\", "\\\\")
                text = text.replace('"', '\\"')
                out.write(f'    "{text}\\n"\n')
        out.write("    ,\n")
    out.write("};\n")
    out.write("const int SCHEMA_VERSION = "
              "sizeof SCHEMA_STEPS / sizeof *SCHEMA_STEPS;\n")
