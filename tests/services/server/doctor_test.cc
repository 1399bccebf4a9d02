// What the doctor says of a database that is well, and of each thing that is not.
#include "services/server/doctor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "base/status.h"
#include "tests/support/test_database.h"

namespace snowfield::server {
namespace {
using ::testing::HasSubstr;

db::DatabaseFacts WellFacts() {
  db::DatabaseFacts facts;
  facts.server_version = 150018;
  facts.postgis = "3.3.2";
  facts.archive_mode = true;
  facts.archived_seconds_ago = 30;
  facts.max_connections = 200;
  facts.connections = 20;
  facts.wants_sync_standby = true;
  facts.sync_standbys = 1;
  return facts;
}

TEST(Doctor, FindsNothingWhereAllIsWell) {
  for (const Finding& finding : Examine(WellFacts(), /*is_own=*/false)) {
    EXPECT_EQ(finding.grade, Grade::kGood) << finding.what;
    EXPECT_EQ(finding.mend, "") << finding.what;
  }
}

TEST(Doctor, NamesEachThingThatIsNotWithItsMend) {
  using Spoil = std::function<void(db::DatabaseFacts&)>;
  const std::vector<std::pair<std::string, std::pair<Grade, Spoil>>> cases = {
      {"PostgreSQL", {Grade::kBad, [](auto& f) { f.server_version = 140009; }}},
      {"PostGIS", {Grade::kBad, [](auto& f) { f.postgis = ""; }}},
      {"takes writes", {Grade::kBad, [](auto& f) { f.in_recovery = true; }}},
      {"durability", {Grade::kBad, [](auto& f) { f.fsync = false; }}},
      {"durability", {Grade::kBad, [](auto& f) { f.synchronous_commit = false; }}},
      {"checksums", {Grade::kWarning, [](auto& f) { f.checksums = false; }}},
      {"archiving", {Grade::kWarning, [](auto& f) { f.archive_mode = false; }}},
      {"archiving", {Grade::kBad, [](auto& f) { f.archive_fails = true; }}},
      {"archiving", {Grade::kWarning, [](auto& f) { f.archived_seconds_ago = 3600; }}},
      {"archiving", {Grade::kWarning, [](auto& f) { f.archived_seconds_ago = -1; }}},
      {"synchronous standby", {Grade::kBad, [](auto& f) { f.sync_standbys = 0; }}},
      {"synchronous standby", {Grade::kWarning, [](auto& f) { f.wants_sync_standby = false; }}},
      {"login role", {Grade::kBad, [](auto& f) { f.role_bypasses_rls = true; }}},
      {"login role", {Grade::kWarning, [](auto& f) { f.tables_of_role = 50; }}},
      {"connections", {Grade::kWarning, [](auto& f) { f.connections = 190; }}},
      {"oldest transaction", {Grade::kWarning, [](auto& f) { f.oldest_transaction_s = 4000; }}},
      {"transaction ids", {Grade::kWarning, [](auto& f) { f.oldest_xid_age = 600'000'000; }}},
      {"transaction ids", {Grade::kBad, [](auto& f) { f.oldest_xid_age = 1'900'000'000; }}},
      {"prepared transactions", {Grade::kWarning, [](auto& f) { f.forgotten_prepared = 1; }}},
      {"indexes", {Grade::kBad, [](auto& f) { f.invalid_indexes = 1; }}},
      {"statistics", {Grade::kWarning, [](auto& f) { f.tables_never_analyzed = 3; }}}};
  for (const auto& [what, grade_and_spoil] : cases) {
    db::DatabaseFacts facts = WellFacts();
    grade_and_spoil.second(facts);
    for (const Finding& finding : Examine(facts, /*is_own=*/false)) {
      EXPECT_EQ(finding.grade, finding.what == what ? grade_and_spoil.first : Grade::kGood) << finding.what;
      EXPECT_EQ(finding.mend.empty(), finding.what != what) << finding.what;
    }
  }
}

TEST(Doctor, LooksOverARealDatabase) {
  tests::TestDatabase database;
  testing::internal::CaptureStdout();
  const absl::Status status = RunDoctor(database.connection_string(), /*is_own=*/true, /*json=*/false);
  const std::string said = testing::internal::GetCapturedStdout();
  EXPECT_EQ(base::DetailOf(status).reason, "UNWELL") << "tests give up durability";
  EXPECT_THAT(said, HasSubstr("ok    schema"));
  EXPECT_THAT(said, HasSubstr("ok    PostGIS"));
  EXPECT_THAT(said, HasSubstr("BAD   durability"));
  EXPECT_THAT(said, HasSubstr("ok    login role"));
  EXPECT_EQ(base::DetailOf(RunDoctor("host=/nowhere user=nobody", true, false)).reason, "DATABASE_UNAVAILABLE");
}

}  // namespace
}  // namespace snowfield::server
