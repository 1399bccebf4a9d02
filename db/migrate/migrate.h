// The schema's way forward: applies the migrations that a database has not seen, in order, each in its own transaction.
//
// A ledger table (schema_migration: number, sha256, time) says what was applied. An advisory lock makes migrators of
// one database take turns. There is no way back: a mistake is mended by the next migration. Thread safety: each call
// has its own connection; any number of threads and machines may call at once.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "db/migrate/migration.h"

namespace snowfield::db {

// One migration may take this long, waiting for locks included.
inline constexpr absl::Duration kMigrationTimeMax = absl::Hours(1);

struct AppliedMigration {
  int number;
  std::string name;
  std::string sha256;
  absl::Time applied_time;
};

struct SchemaStatus {
  std::vector<AppliedMigration> applied;  // by number
  std::vector<int> pending;               // numbers known to this binary and not applied
};

// Applies what is pending, as the login role of `connection_string` (the owner of the schema). Returns how many it
// applied. FAILED_PRECONDITION with reason SCHEMA_TOO_NEW, SCHEMA_HISTORY_CHANGED; otherwise as the database says. What
// was applied before a failure stays; the failed migration leaves nothing.
absl::StatusOr<int> Migrate(const std::string& connection_string,
                            std::span<const Migration> migrations = AllMigrations());

// What is applied and what is not. The same refusals as Migrate().
absl::StatusOr<SchemaStatus> ReadSchemaStatus(const std::string& connection_string,
                                              std::span<const Migration> migrations = AllMigrations());

// OK when nothing is pending; else FAILED_PRECONDITION with reason SCHEMA_TOO_OLD. What a server asks before it serves.
absl::Status CheckSchema(const std::string& connection_string, std::span<const Migration> migrations = AllMigrations());

}  // namespace snowfield::db
