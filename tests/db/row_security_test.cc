// Row-level security over raw SQL, for every table that the catalogue has: own campaign, another, and none, for each of
// select, insert, update and delete, as snowfield_app. A new table is covered by itself.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/clock.h"
#include "db/pg/connection.h"
#include "db/pg/pool.h"
#include "db/pg/sqlstate.h"
#include "tests/support/test_database.h"

namespace snowfield::db {
namespace {

constexpr char kDenied[] = "42501";
constexpr int kTablesMin = 30;  // so that a catalogue query that finds nothing does not pass

struct Table {
  std::string name;
  std::vector<std::string> columns;
  // An expression that makes a value of the column's type; $n counts rows.
  std::vector<std::string> values;
};

// Every column that must be given or may be, with a value for it that its type takes.
const Query kColumns = {
    "row_security.columns",
    "select t.relname::text, a.attname::text, case when a.attname = 'campaign_id' then '$campaign' "
    "when g.type is not null then 'st_geomfromtext(''' || case g.type when 'POINT' then 'POINT(1 1)' "
    "when 'LINESTRING' then 'LINESTRING(1 1, 2 2)' else 'MULTIPOLYGON(((1 1, 2 1, 2 2, 1 1)))' end || ''', 4326)' "
    "when y.typcategory = 'A' then '''{}''::' || format_type(y.oid, null) "
    "when y.typname = 'bytea' then 'decode(lpad(to_hex($n), 64, ''0''), ''hex'')' "
    "when y.typname = 'jsonb' then '''{}''::jsonb' "
    "when y.typname = 'uuid' then 'gen_random_uuid()' "
    "when y.typname in ('timestamptz', 'date') then 'now()' "
    "when y.typname = 'interval' then '''1 day''::interval' "
    "when y.typname = 'bool' then 'false' "
    "when y.typcategory = 'N' then '$n' "
    "else '''t'' || $n' end "
    "from pg_class t join pg_attribute a on a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped "
    "and a.attgenerated = '' join pg_type y on y.oid = a.atttypid "
    "left join geometry_columns g on g.f_table_name = t.relname and g.f_geometry_column = a.attname "
    "where t.relnamespace = 'public'::regnamespace and t.relkind in ('r', 'p') and exists (select from pg_attribute c "
    "where c.attrelid = t.oid and c.attname = 'campaign_id') order by t.relname, a.attnum"};
// What a row is made of is not what is tested here: who may touch it is.
const Query kDropChecks = {
    "row_security.drop_checks",
    "select format('alter table %s drop constraint %I cascade', c.conrelid::regclass, c.conname) from pg_constraint c "
    "where c.connamespace = 'public'::regnamespace and c.contype in ('c', 'f')"};

class RowSecurity : public ::testing::Test {
 protected:
  RowSecurity() : mine_(database_.CreateCampaign("Mine")), theirs_(database_.CreateCampaign("Theirs")) {
    const auto drops = Ask("drop checks", kDropChecks);
    std::vector<std::string> statements;
    for (const Row row : drops) statements.emplace_back(row.Text(0));
    auto superuser = Connection::Open({.connection_string = database_.superuser_connection_string()});
    EXPECT_TRUE(superuser.ok());
    const auto dropped =
        (*superuser)->RunScript(absl::StrJoin(statements, ";"), {.deadline = absl::Now() + absl::Minutes(1)});
    EXPECT_TRUE(dropped.ok()) << dropped.status();
    for (const Row row : Ask("columns", kColumns)) {
      if (tables_.empty() || tables_.back().name != row.Text(0)) {
        tables_.push_back({.name = std::string(row.Text(0)), .columns = {}, .values = {}});
      }
      tables_.back().columns.emplace_back(row.Text(1));
      tables_.back().values.emplace_back(row.Text(2));
    }
  }

  Result Ask(const std::string& what, const Query& query) {
    auto result = database_.superuser_pool().Begin({})->Run(query);
    EXPECT_TRUE(result.ok()) << what << ": " << result.status();
    return *std::move(result);
  }

  // Runs SQL of the test's own as the application in the scope of `scope`, and commits where it went well.
  absl::StatusOr<Result> InScope(base::CampaignId scope, const std::string& sql) {
    return RunIn(database_.pool(), scope, sql);
  }
  absl::StatusOr<Result> AsSuperuser(const std::string& sql) {
    return RunIn(database_.superuser_pool(), base::CampaignId(), sql);
  }
  static absl::StatusOr<Result> RunIn(Pool& pool, base::CampaignId scope, const std::string& sql) {
    static int count = 0;
    // Names and texts live for ever: a name must always mean the same text.
    auto* name = new std::string(absl::StrCat("row_security.", ++count));
    auto* text = new std::string(sql);
    auto transaction = pool.Begin({.campaign = scope});
    if (!transaction.ok()) return transaction.status();
    auto result = transaction->Run(Query{name->c_str(), text->c_str()});
    if (!result.ok()) return result;
    if (const absl::Status status = transaction->Commit(); !status.ok()) return status;
    return result;
  }

  std::string Insert(const Table& table, base::CampaignId campaign) {
    std::vector<std::string> values;
    ++row_count_;
    for (std::string value : table.values) {
      for (const auto& [word, put] : {std::pair<std::string, std::string>{"$campaign", absl::StrCat(campaign.value)},
                                      {"$n", absl::StrCat(row_count_)}}) {
        for (size_t at = value.find(word); at != std::string::npos; at = value.find(word)) {
          value.replace(at, word.size(), put);
        }
      }
      values.push_back(value);
    }
    return absl::StrCat("insert into ", table.name, " (", absl::StrJoin(table.columns, ", "), ") values (",
                        absl::StrJoin(values, ", "), ")");
  }
  // Rows of a campaign, as the superuser sees them, with what they hold.
  std::string Standing(const Table& table, base::CampaignId campaign) {
    const auto rows = AsSuperuser(absl::StrCat("select coalesce(string_agg(t::text, ';' order by t::text), '') from ",
                                               table.name, " t where campaign_id = ", campaign.value));
    EXPECT_TRUE(rows.ok()) << table.name << ": " << rows.status();
    return rows.ok() ? std::string((*rows)[0].Text(0)) : "";
  }
  int64_t Count(base::CampaignId scope, const Table& table, const std::string& where = "") {
    const auto result = InScope(scope, absl::StrCat("select count(*) from ", table.name, " ", where));
    EXPECT_TRUE(result.ok()) << table.name << ": " << result.status();
    return result.ok() ? (*result)[0].Int64(0) : -1;
  }
  // Refused, or without a row that it could touch.
  static bool TouchesNothing(const absl::StatusOr<Result>& result) {
    return result.ok() ? result->affected_row_count() == 0 : SqlStateOf(result.status()) == kDenied;
  }

  tests::TestDatabase database_;
  base::CampaignId mine_, theirs_;
  std::vector<Table> tables_;
  int row_count_ = 1000;
};

TEST_F(RowSecurity, HoldsForEveryTableInOwnScopeInAnothersAndInNone) {
  ASSERT_GE(tables_.size(), static_cast<size_t>(kTablesMin));
  for (const Table& table : tables_) {
    SCOPED_TRACE(table.name);
    // The counter and the campaign have theirs from the beginning.
    for (const base::CampaignId campaign : {mine_, theirs_}) {
      if (!Standing(table, campaign).empty()) continue;
      const auto made = AsSuperuser(Insert(table, campaign));
      ASSERT_TRUE(made.ok()) << table.name << ": " << made.status();
    }
    const std::string theirs_before = Standing(table, theirs_);
    ASSERT_FALSE(theirs_before.empty());

    EXPECT_GT(Count(mine_, table), 0);
    EXPECT_EQ(Count(mine_, table, absl::StrCat("where campaign_id <> ", mine_.value)), 0);
    EXPECT_EQ(Count(base::CampaignId(), table), 0);

    for (const base::CampaignId scope : {mine_, base::CampaignId()}) {
      EXPECT_EQ(SqlStateOf(InScope(scope, Insert(table, theirs_)).status()), kDenied);
      EXPECT_TRUE(TouchesNothing(InScope(scope, absl::StrCat("update ", table.name, " set campaign_id = campaign_id ",
                                                             "where campaign_id = ", theirs_.value))));
      EXPECT_TRUE(TouchesNothing(
          InScope(scope, absl::StrCat("delete from ", table.name, " where campaign_id = ", theirs_.value))));
    }
    EXPECT_TRUE(TouchesNothing(InScope(base::CampaignId(), absl::StrCat("delete from ", table.name))));
    // What is mine can't be given to them either.
    EXPECT_EQ(
        SqlStateOf(InScope(mine_, absl::StrCat("update ", table.name, " set campaign_id = ", theirs_.value)).status()),
        kDenied);
    EXPECT_EQ(Standing(table, theirs_), theirs_before);
  }
}

TEST_F(RowSecurity, LeavesTheApplicationItsOwnRows) {
  // A policy that let nothing through would pass the test above.
  int inserted = 0, updated = 0, deleted = 0;
  for (const Table& table : tables_) {
    SCOPED_TRACE(table.name);
    const auto may = [&](const char* right) {
      const auto result = AsSuperuser(
          absl::StrCat("select has_table_privilege('snowfield_app', 'public.", table.name, "', '", right, "')"));
      return result.ok() && (*result)[0].Bool(0);
    };
    if (table.name == "campaign" || table.name == "change_counter" || table.name == "campaign_slot") continue;
    if (!may("insert")) continue;
    const auto made = InScope(mine_, Insert(table, mine_));
    EXPECT_TRUE(made.ok()) << made.status();
    ++inserted;
    if (may("update")) {
      const auto done = InScope(mine_, absl::StrCat("update ", table.name, " set campaign_id = campaign_id"));
      EXPECT_TRUE(done.ok() && done->affected_row_count() == 1) << done.status();
      ++updated;
    }
    if (may("delete")) {
      const auto done = InScope(mine_, absl::StrCat("delete from ", table.name));
      EXPECT_TRUE(done.ok() && done->affected_row_count() == 1) << done.status();
      ++deleted;
    }
  }
  EXPECT_GT(inserted, 20);
  EXPECT_GT(updated, 10);
  EXPECT_GT(deleted, 10);
}

}  // namespace
}  // namespace snowfield::db
