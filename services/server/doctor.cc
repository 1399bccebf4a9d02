#include "services/server/doctor.h"

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "db/migrate/migrate.h"

namespace snowfield::server {
namespace {
constexpr int kServerVersionMin = 150000;
constexpr int64_t kArchiveLateS = 15 * 60;
constexpr int64_t kTransactionLongS = 10 * 60;
constexpr int64_t kXidAgeWarning = 500'000'000;
constexpr int64_t kXidAgeBad = 1'500'000'000;

Finding Check(bool well, Grade otherwise, std::string what, std::string says, std::string mend) {
  return {.grade = well ? Grade::kGood : otherwise,
          .what = std::move(what),
          .says = std::move(says),
          .mend = well ? "" : std::move(mend)};
}

Finding Archiving(const db::DatabaseFacts& facts) {
  const char* const mend = "set up a backup: docs/operate.md, \"Backup and restore\"";
  if (!facts.archive_mode) return Check(false, Grade::kWarning, "archiving", "off: a lost disk loses everything", mend);
  if (facts.archive_fails) {
    return Check(false, Grade::kBad, "archiving", "the last try failed",
                 "the database's log says why; until then its disk fills up");
  }
  return Check(facts.archived_seconds_ago >= 0 && facts.archived_seconds_ago <= kArchiveLateS, Grade::kWarning,
               "archiving",
               facts.archived_seconds_ago < 0 ? "on, and nothing was archived yet"
                                              : absl::StrCat("last ", facts.archived_seconds_ago, " s ago"),
               "set archive_timeout = '60s', and look whether archive_command does what it should");
}

Finding Standby(const db::DatabaseFacts& facts) {
  if (facts.wants_sync_standby) {
    return Check(facts.sync_standbys > 0, Grade::kBad, "synchronous standby",
                 absl::StrCat(facts.sync_standbys, " attached"),
                 "no commit is answered without one: start the standby, or take it out of synchronous_standby_names");
  }
  return Check(false, Grade::kWarning, "synchronous standby", "none",
               "where a lost disk must lose nothing at all, have one (docs/operate.md)");
}

Finding Role(const db::DatabaseFacts& facts, bool is_own) {
  if (facts.role_is_superuser || facts.role_bypasses_rls) {
    return Check(false, Grade::kBad, "login role", "may pass over row-level security",
                 "let servers log in as a role that holds snowfield_app and nothing else (README, \"Deploying\")");
  }
  return Check(is_own || facts.tables_of_role == 0, Grade::kWarning, "login role",
               facts.tables_of_role == 0 ? "owns nothing" : absl::StrCat("owns ", facts.tables_of_role, " tables"),
               "let servers log in as a role that owns nothing; migrate as the owner (README, \"Deploying\")");
}

const char* GradeName(Grade grade) { return grade == Grade::kGood ? "ok" : grade == Grade::kWarning ? "look" : "BAD"; }

}  // namespace

std::vector<Finding> Examine(const db::DatabaseFacts& facts, bool is_own) {
  const std::string version = absl::StrCat(facts.server_version / 10000, ".", facts.server_version % 10000);
  const int64_t free = facts.max_connections - facts.connections;
  return {
      Check(facts.server_version >= kServerVersionMin, Grade::kBad, "PostgreSQL", version, "15 or newer is needed"),
      Check(!facts.postgis.empty(), Grade::kBad, "PostGIS", facts.postgis.empty() ? "missing" : facts.postgis,
            "install it, then `snowfield migrate`"),
      Check(!facts.in_recovery, Grade::kBad, "takes writes", facts.in_recovery ? "no: it is a standby" : "yes",
            "let --database name the primary: target_session_attrs=read-write in the connection string"),
      Check(facts.fsync && facts.full_page_writes && facts.synchronous_commit, Grade::kBad, "durability",
            facts.fsync && facts.full_page_writes && facts.synchronous_commit ? "commits are on the disk" : "given up",
            "fsync, full_page_writes and synchronous_commit must be on: an acknowledged knock must last"),
      Check(facts.checksums, Grade::kWarning, "checksums", facts.checksums ? "on" : "off",
            "pg_checksums --enable, while it is down: else a rotten disk is not noticed"),
      Archiving(facts),
      Standby(facts),
      Role(facts, is_own),
      Check(free * 10 >= facts.max_connections, Grade::kWarning, "connections",
            absl::StrCat(facts.connections, " of ", facts.max_connections, " taken"),
            "raise max_connections, or lower --connections of the servers"),
      Check(facts.oldest_transaction_s < kTransactionLongS, Grade::kWarning, "oldest transaction",
            absl::StrCat(facts.oldest_transaction_s, " s"),
            "find it in pg_stat_activity: while it lasts nothing is vacuumed, and the queue gets slower"),
      Check(facts.oldest_xid_age < kXidAgeWarning, facts.oldest_xid_age < kXidAgeBad ? Grade::kWarning : Grade::kBad,
            "transaction ids", absl::StrCat(facts.oldest_xid_age, " since the last freeze"),
            "vacuum (freeze): autovacuum does not keep up, and at two billion the database stops"),
      Check(facts.forgotten_prepared == 0, Grade::kWarning, "prepared transactions",
            absl::StrCat(facts.forgotten_prepared, " forgotten"), "rollback prepared: pg_prepared_xacts has them"),
      Check(facts.invalid_indexes == 0, Grade::kBad, "indexes", absl::StrCat(facts.invalid_indexes, " invalid"),
            "reindex: pg_index has those that are not indisvalid"),
      Check(facts.tables_never_analyzed == 0, Grade::kWarning, "statistics",
            absl::StrCat(facts.tables_never_analyzed, " large tables without"), "vacuum analyze, as after a restore"),
  };
}

absl::Status RunDoctor(const std::string& connection_string, bool is_own, bool json) {
  SNOWFIELD_ASSIGN_OR_RETURN(const db::DatabaseFacts facts, db::ReadDatabaseFacts(connection_string));
  std::vector<Finding> findings = Examine(facts, is_own);
  const absl::StatusOr<db::SchemaStatus> schema = db::ReadSchemaStatus(connection_string);
  findings.insert(findings.begin(), Check(schema.ok() && schema->pending.empty(), Grade::kBad, "schema",
                                          !schema.ok() ? base::MessageOf(schema.status())
                                                       : absl::StrCat(schema->applied.size(), " migrations, ",
                                                                      schema->pending.size(), " pending"),
                                          "snowfield migrate, with this program's version"));
  for (const Finding& finding : findings) {
    if (json) {
      std::printf("%s\n", nlohmann::json({{"grade", GradeName(finding.grade)},
                                          {"what", finding.what},
                                          {"says", finding.says},
                                          {"mend", finding.mend}})
                              .dump()
                              .c_str());
      continue;
    }
    std::printf("%-4s  %-22s %s\n", GradeName(finding.grade), finding.what.c_str(), finding.says.c_str());
    if (!finding.mend.empty()) std::printf("      %-22s -> %s\n", "", finding.mend.c_str());
  }
  const auto bad = std::count_if(findings.begin(), findings.end(),
                                 [](const Finding& finding) { return finding.grade == Grade::kBad; });
  if (bad == 0) return absl::OkStatus();
  return base::NotNow("UNWELL", absl::StrCat(bad, " things are bad: the lines above say the mend"));
}

}  // namespace snowfield::server
