#include "db/migrate/migrate.h"

#include <memory>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "base/log.h"
#include "base/status.h"
#include "db/pg/connection.h"
#include "db/queries/migration_ledger_queries.h"

namespace snowfield::db {
namespace {
Patience MigrationPatience() { return {.deadline = absl::Now() + kMigrationTimeMax}; }

absl::StatusOr<std::vector<AppliedMigration>> ReadLedger(Connection& connection) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Result there, connection.Run(queries::kHasMigrationLedger, {}, MigrationPatience()));
  if (!there[0].Bool(0)) return std::vector<AppliedMigration>();
  SNOWFIELD_ASSIGN_OR_RETURN(const Result rows,
                             connection.Run(queries::kListAppliedMigrations, {}, MigrationPatience()));
  std::vector<AppliedMigration> applied;
  for (const Row row : rows) {
    applied.push_back({.number = row.Int32(0),
                       .name = std::string(row.Text(1)),
                       .sha256 = std::string(row.Text(2)),
                       .applied_time = row.Time(3)});
  }
  return applied;
}

// The ledger must be a beginning of what this binary knows.
absl::Status CheckHistory(std::span<const AppliedMigration> applied, std::span<const Migration> known) {
  if (applied.size() > known.size()) {
    return base::NotNow(
        "SCHEMA_TOO_NEW",
        absl::StrCat("the database has migration ", applied.back().number, " and this program knows only ",
                     known.size(), ": install the version of snowfield that migrated it, or a later one"));
  }
  for (size_t i = 0; i < applied.size(); ++i) {
    if (applied[i].number == known[i].number && applied[i].sha256 == known[i].sha256) continue;
    return base::NotNow(
        "SCHEMA_HISTORY_CHANGED",
        absl::StrCat("migration ", known[i].number, " (", known[i].name, ") was changed after this database had it: ",
                     "put the file back as it was, and make the change in a new migration"));
  }
  return absl::OkStatus();
}

// The ledger's row goes in with the migration's own transaction: both or neither.
absl::Status Apply(Connection& connection, const Migration& migration) {
  const Patience patience = MigrationPatience();
  SNOWFIELD_RETURN_IF_ERROR(connection.RunScript("begin", patience).status());
  Params row;
  row.Int32(migration.number).Text(migration.name).Text(migration.sha256);
  absl::Status status = connection.Run(queries::kRecordMigration, row, patience).status();
  if (status.ok()) status = connection.RunScript(migration.sql, patience).status();
  if (status.ok()) status = connection.RunScript("commit", patience).status();
  if (status.ok()) return status;
  if (connection.IsUsable()) connection.RunScript("rollback", patience).status().IgnoreError();
  return base::Problem(status.code(), "MIGRATION_FAILED", "",
                       absl::StrCat("migration ", migration.number, " (", migration.name,
                                    ") failed and left nothing: ", base::MessageOf(status)));
}
}  // namespace

absl::StatusOr<int> Migrate(const std::string& connection_string, std::span<const Migration> migrations) {
  SNOWFIELD_ASSIGN_OR_RETURN(std::unique_ptr<Connection> connection,
                             Connection::Open({.connection_string = connection_string}));
  SNOWFIELD_RETURN_IF_ERROR(connection->Run(queries::kLockMigrations, {}, MigrationPatience()).status());
  SNOWFIELD_RETURN_IF_ERROR(connection->Run(queries::kCreateMigrationLedger, {}, MigrationPatience()).status());
  SNOWFIELD_ASSIGN_OR_RETURN(const std::vector<AppliedMigration> applied, ReadLedger(*connection));
  SNOWFIELD_RETURN_IF_ERROR(CheckHistory(applied, migrations));
  for (const Migration& migration : migrations.subspan(applied.size())) {
    SNOWFIELD_RETURN_IF_ERROR(Apply(*connection, migration));
    base::Log(base::LogLevel::kInfo, "db.migrated", {{"number", migration.number}, {"name", migration.name}});
  }
  return static_cast<int>(migrations.size() - applied.size());
}

absl::StatusOr<SchemaStatus> ReadSchemaStatus(const std::string& connection_string,
                                              std::span<const Migration> migrations) {
  SNOWFIELD_ASSIGN_OR_RETURN(std::unique_ptr<Connection> connection,
                             Connection::Open({.connection_string = connection_string}));
  SchemaStatus status;
  SNOWFIELD_ASSIGN_OR_RETURN(status.applied, ReadLedger(*connection));
  SNOWFIELD_RETURN_IF_ERROR(CheckHistory(status.applied, migrations));
  for (const Migration& migration : migrations.subspan(status.applied.size())) {
    status.pending.push_back(migration.number);
  }
  return status;
}

absl::Status CheckSchema(const std::string& connection_string, std::span<const Migration> migrations) {
  SNOWFIELD_ASSIGN_OR_RETURN(const SchemaStatus status, ReadSchemaStatus(connection_string, migrations));
  if (status.pending.empty()) return absl::OkStatus();
  return base::NotNow("SCHEMA_TOO_OLD", absl::StrCat("the database lacks ", status.pending.size(),
                                                     " migrations: run `snowfield migrate` with it first"));
}

}  // namespace snowfield::db
