// DatabaseFacts: how a database is doing, as far as it can be asked over SQL.
// Thread safety: each call has its own connection.
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"

namespace snowfield::db {

struct DatabaseFacts {
  int server_version = 0;    // 150018
  std::string postgis = {};  // "3.3.2"; empty: not there
  bool in_recovery = false;
  bool fsync = true, full_page_writes = true, synchronous_commit = true;
  bool archive_mode = false;
  bool archive_fails = false;         // the last try did
  int64_t archived_seconds_ago = -1;  // -1: never
  int max_connections = 0;
  int64_t connections = 0;
  int64_t oldest_transaction_s = 0;
  int64_t oldest_xid_age = 0;
  int64_t invalid_indexes = 0;
  bool role_is_superuser = false, role_bypasses_rls = false;
  int64_t tables_of_role = 0;  // that the login role owns
  bool wants_sync_standby = false;
  int64_t sync_standbys = 0;
  bool checksums = true;
  int64_t tables_never_analyzed = 0;
  int64_t forgotten_prepared = 0;  // prepared transactions of more than an hour
};
// As the login role of `connection_string`. UNAVAILABLE where it can't be reached.
absl::StatusOr<DatabaseFacts> ReadDatabaseFacts(const std::string& connection_string);

}  // namespace snowfield::db
