// db/schema.sql is what the migrations make: pg_dump of a migrated database, without versions, settings and owners.
// UPDATE_SCHEMA=1 writes it anew.
#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "db/embedded/cluster_files.h"
#include "tests/support/test_database.h"

namespace snowfield::db {
namespace {
constexpr char kSchemaFile[] = SNOWFIELD_SOURCE_DIR "/db/schema.sql";

std::string Dump(const std::string& connection_string) {
  const auto binaries = FindBinaries("", "");
  EXPECT_TRUE(binaries.ok()) << binaries.status();
  const std::string command =
      *binaries + "/pg_dump --schema-only --no-owner --schema=public --dbname='" + connection_string + "'";
  FILE* const pipe = popen(command.c_str(), "r");
  std::string text;
  std::array<char, 4096> buffer;
  for (size_t count; (count = fread(buffer.data(), 1, buffer.size(), pipe)) > 0;) text.append(buffer.data(), count);
  EXPECT_EQ(pclose(pipe), 0);
  return text;
}

// Drops what depends on the version of pg_dump or on the session, and folds blank lines.
std::string Normalised(const std::string& dump) {
  std::istringstream lines(dump);
  std::string out = "-- Made by UPDATE_SCHEMA=1 db_schema_test from db/migrations. Do not edit.\n";
  bool blank = false;
  for (std::string line; std::getline(lines, line);) {
    const bool is_noise = line.starts_with("--") || line.starts_with("SET ") || line.starts_with("\\") ||
                          line.starts_with("SELECT pg_catalog.set_config") || line == "CREATE SCHEMA public;" ||
                          line.starts_with("COMMENT ON SCHEMA public");
    if (is_noise || line.empty()) {
      blank = true;
      continue;
    }
    if (blank) out += "\n";
    blank = false;
    out += line + "\n";
  }
  return out;
}

TEST(Schema, TheCommittedDumpIsWhatTheMigrationsMake) {
  tests::TestDatabase database;
  const std::string schema = Normalised(Dump(database.superuser_connection_string()));
  ASSERT_NE(schema.find("CREATE TABLE public.knock ("), std::string::npos) << "the dump is not one of our schema";
  if (std::getenv("UPDATE_SCHEMA") != nullptr) {
    std::ofstream(kSchemaFile) << schema;
    return;
  }
  std::stringstream committed;
  committed << std::ifstream(kSchemaFile).rdbuf();
  EXPECT_EQ(schema, committed.str())
      << "a migration has changed: run UPDATE_SCHEMA=1 db_schema_test and commit db/schema.sql";
}

TEST(Schema, NormalisingDropsOnlyNoise) {
  EXPECT_EQ(
      Normalised("-- Dumped by 15.20\nSET x = 1;\n\\restrict abc\n\nCREATE TABLE a (\n    id bigint\n);\n\n\nX;\n"),
      "-- Made by UPDATE_SCHEMA=1 db_schema_test from db/migrations. Do not edit.\n\nCREATE TABLE a (\n    id "
      "bigint\n);\n\nX;\n");
}

}  // namespace
}  // namespace snowfield::db
