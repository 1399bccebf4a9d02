#include "db/store/doctor_store.h"

#include "absl/time/clock.h"
#include "base/status.h"
#include "db/pg/connection.h"
#include "db/queries/doctor_queries.h"

namespace snowfield::db {
namespace {
constexpr absl::Duration kLookTimeMax = absl::Seconds(20);
}  // namespace

absl::StatusOr<DatabaseFacts> ReadDatabaseFacts(const std::string& connection_string) {
  const absl::Time deadline = absl::Now() + kLookTimeMax;
  SNOWFIELD_ASSIGN_OR_RETURN(const auto connection,
                             Connection::Open({.connection_string = connection_string, .deadline = deadline}));
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result,
                             connection->Run(queries::kReadDatabaseFacts, {}, {.deadline = deadline}));
  const Row row = result[0];
  return DatabaseFacts{.server_version = row.Int32(0),
                       .postgis = std::string(row.Text(1)),
                       .in_recovery = row.Bool(2),
                       .fsync = row.Bool(3),
                       .full_page_writes = row.Bool(4),
                       .synchronous_commit = row.Bool(5),
                       .archive_mode = row.Bool(6),
                       .archive_fails = row.Bool(7),
                       .archived_seconds_ago = row.Int64(8),
                       .max_connections = row.Int32(9),
                       .connections = row.Int64(10),
                       .oldest_transaction_s = row.Int64(11),
                       .oldest_xid_age = row.Int64(12),
                       .invalid_indexes = row.Int64(13),
                       .role_is_superuser = row.Bool(14),
                       .role_bypasses_rls = row.Bool(15),
                       .tables_of_role = row.Int64(16),
                       .wants_sync_standby = row.Bool(17),
                       .sync_standbys = row.Int64(18),
                       .checksums = row.Bool(19),
                       .tables_never_analyzed = row.Int64(20),
                       .forgotten_prepared = row.Int64(21)};
}

}  // namespace snowfield::db
