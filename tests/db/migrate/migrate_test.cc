#include "db/migrate/migrate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/status.h"
#include "db/pg/pool.h"
#include "tests/support/test_database.h"

namespace snowfield::db {
namespace {
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

constexpr Migration kFirst = {1, "first", "aa", "create table one (id bigint primary key)"};
constexpr Migration kSecond = {2, "second", "bb",
                               "create table two (id bigint primary key); insert into one values (1)"};
constexpr Migration kBroken = {2, "broken", "bc", "create table two (id bigint); select no_such_column from one"};

bool HasTable(const std::string& connection_string, const std::string& table) {
  const Query find = {"find", "select to_regclass($1) is not null"};
  const auto pool = Pool::Open({.connection_string = connection_string, .role = ""});
  return (*(*pool)->Begin({})->Run(find, Params().Text(table)))[0].Bool(0);
}

TEST(Migrate, AppliesWhatIsPendingOnceAndRecordsIt) {
  const std::string database = tests::MakeEmptyDatabase();
  const std::vector<Migration> migrations = {kFirst, kSecond};
  const auto before = ReadSchemaStatus(database, migrations);
  ASSERT_TRUE(before.ok()) << before.status();
  EXPECT_THAT(before->pending, ElementsAre(1, 2));
  EXPECT_EQ(base::DetailOf(CheckSchema(database, migrations)).reason, "SCHEMA_TOO_OLD");

  EXPECT_EQ(Migrate(database, std::span(migrations).first(1)).value(), 1);
  EXPECT_EQ(Migrate(database, migrations).value(), 1);
  EXPECT_EQ(Migrate(database, migrations).value(), 0);

  const auto after = ReadSchemaStatus(database, migrations);
  ASSERT_THAT(after->applied, SizeIs(2));
  EXPECT_EQ(after->applied[1].name, "second");
  EXPECT_EQ(after->applied[1].sha256, "bb");
  EXPECT_TRUE(CheckSchema(database, migrations).ok());
}

TEST(Migrate, AFailedMigrationLeavesNothingAndThoseBeforeItStay) {
  const std::string database = tests::MakeEmptyDatabase();
  const std::vector<Migration> migrations = {kFirst, kBroken};
  const absl::Status status = Migrate(database, migrations).status();
  EXPECT_EQ(base::DetailOf(status).reason, "MIGRATION_FAILED");
  EXPECT_THAT(base::MessageOf(status), HasSubstr("migration 2 (broken)"));
  EXPECT_TRUE(HasTable(database, "one"));
  EXPECT_FALSE(HasTable(database, "two"));
  EXPECT_EQ(Migrate(database, std::vector<Migration>{kFirst, kSecond}).value(), 1) << "the mended one goes in";
}

TEST(Migrate, RefusesAChangedHistory) {
  const std::string database = tests::MakeEmptyDatabase();
  ASSERT_TRUE(Migrate(database, std::vector<Migration>{kFirst, kSecond}).ok());
  Migration changed = kFirst;
  changed.sha256 = "ax";
  const absl::Status status = Migrate(database, std::vector<Migration>{changed, kSecond}).status();
  EXPECT_TRUE(absl::IsFailedPrecondition(status)) << status;
  EXPECT_EQ(base::DetailOf(status).reason, "SCHEMA_HISTORY_CHANGED");
  EXPECT_THAT(base::MessageOf(status), HasSubstr("new migration"));
}

TEST(Migrate, RefusesASchemaNewerThanTheProgram) {
  const std::string database = tests::MakeEmptyDatabase();
  ASSERT_TRUE(Migrate(database, std::vector<Migration>{kFirst, kSecond}).ok());
  const std::vector<Migration> old_program = {kFirst};
  for (const absl::Status& status : {Migrate(database, old_program).status(), CheckSchema(database, old_program)}) {
    EXPECT_TRUE(absl::IsFailedPrecondition(status)) << status;
    EXPECT_EQ(base::DetailOf(status).reason, "SCHEMA_TOO_NEW");
    EXPECT_THAT(base::MessageOf(status), HasSubstr("install the version"));
  }
}

TEST(Migrate, TwoMigratorsAtOnceApplyEachMigrationOnce) {
  const std::string database = tests::MakeEmptyDatabase();
  std::vector<absl::StatusOr<int>> applied(4, absl::StatusOr<int>(0));
  std::vector<std::thread> migrators;
  for (auto& count : applied) migrators.emplace_back([&database, &count] { count = Migrate(database); });
  for (std::thread& migrator : migrators) migrator.join();
  int total = 0;
  for (const auto& count : applied) {
    ASSERT_TRUE(count.ok()) << count.status();
    total += *count;
  }
  EXPECT_EQ(total, static_cast<int>(AllMigrations().size()));
  EXPECT_TRUE(CheckSchema(database).ok());
}

TEST(AllMigrations, AreNumberedFromOneWithTheHashOfTheirFiles) {
  int expected = 1;
  for (const Migration& migration : AllMigrations()) {
    EXPECT_EQ(migration.number, expected++);
    EXPECT_EQ(std::string(migration.sha256).size(), 64u);
  }
  EXPECT_GT(expected, 1);
}

// Scripts of campaigns that had them before there were versions, kinds and languages.
TEST(Migrate, BringsOldScriptsIntoTheFormOfNow) {
  constexpr Query kCampaign = {"campaign", "insert into campaign (campaign_id, name, span) values ($1, 'Old', 8)"};
  constexpr Query kOldScript = {"old_script", R"sql(
    insert into script (campaign_id, name, body) values ($1, 'First', '{"name": "First", "greeting": "Hello", "questions": [
      {"code": "support", "text": "With us?", "answers": ["1", "2", "3", "4", "5"]},
      {"code": "issue", "text": "What matters?"}, {"code": "vote", "text": "Voted?", "answers": ["y", "n"]}],
      "asks": ["ASK_KIND_VOLUNTEER", "ASK_KIND_HOST_MEETING"]}'))sql"};
  constexpr Query kSource = {"source", R"sql(
    select string_agg(concat_ws(' ', q ->> 'code', substr(q ->> 'kind', 15), q ->> 'ask', q #>> '{text,en}',
                                q #>> '{answers,1,code}'), '; ' order by place), min(source #>> '{greeting,en}')
    from script, jsonb_array_elements(source -> 'questions') with ordinality questions (q, place)
    where campaign_id = $1)sql"};
  const std::string database = tests::MakeEmptyDatabase();
  const auto all = AllMigrations();
  const auto before = std::find_if(all.begin(), all.end(),
                                   [](const Migration& m) { return std::string_view(m.name) == "script_version"; });
  ASSERT_NE(before, all.end());
  ASSERT_TRUE(Migrate(database, all.first(before - all.begin())).ok());
  const auto pool = Pool::Open({.connection_string = database, .role = ""});
  ASSERT_TRUE(pool.ok());
  {
    auto transaction = (*pool)->Begin({.campaign = base::CampaignId(1)});
    ASSERT_TRUE(transaction->Run(kCampaign, Params().Int64(1)).ok());
    const auto made = transaction->Run(kOldScript, Params().Int64(1));
    ASSERT_TRUE(made.ok()) << made.status();
    ASSERT_TRUE(transaction->Commit().ok());
  }
  ASSERT_TRUE(Migrate(database).ok());
  auto transaction = (*pool)->Begin({.campaign = base::CampaignId(1)});
  const auto source = transaction->Run(kSource, Params().Int64(1));
  ASSERT_TRUE(source.ok()) << source.status();
  EXPECT_EQ((*source)[0].Text(0),
            "support SCALE With us?; issue FREE_TEXT What matters?; vote ONE_OF Voted? n; "
            "volunteer ASK ASK_KIND_VOLUNTEER volunteer; host_meeting ASK ASK_KIND_HOST_MEETING host meeting");
  EXPECT_EQ((*source)[0].Text(1), "Hello");
}

}  // namespace
}  // namespace snowfield::db
