// Reads the catalogue of a migrated database and fails on what would break sharding, row-level security or the map
// (docs/architecture.md; the rules are those that PostgreSQL itself must guarantee).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <initializer_list>
#include <limits>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "base/status.h"
#include "db/pg/connection.h"
#include "db/pg/pool.h"
#include "db/pg/sqlstate.h"
#include "db/queries/all_queries.h"
#include "tests/support/test_database.h"

namespace snowfield::db {
namespace {
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

// Tables that are no campaign's: the ledger of migrations, the operator's tokens, PostGIS's own table.
#define OUR_TABLES                                                                                          \
  "pg_class t where t.relnamespace = 'public'::regnamespace and t.relkind in ('r', 'p') and t.relname not " \
  "in ('schema_migration', 'operator_token', 'spatial_ref_sys')"

// Each finds the names of what breaks its rule.
const Query kNoPrimaryKey = {"no_primary_key",
                             "select t.relname::text from " OUR_TABLES
                             " and not exists (select from pg_constraint where conrelid = t.oid and contype = 'p')"};
const Query kKeyWithoutCampaign = {
    "key_without_campaign",
    "select i.indexrelid::regclass::text from pg_index i where i.indisunique and i.indrelid in (select t.oid "
    "from " OUR_TABLES
    ") and (select attname from pg_attribute where attrelid = i.indrelid and attnum = i.indkey[0]) "
    "is distinct from 'campaign_id'"};
const Query kForeignKeyWithoutCampaign = {
    "foreign_key_without_campaign",
    "select c.conname::text from pg_constraint c where c.contype = 'f' and c.connamespace = 'public'::regnamespace and "
    "("
    "(select attname from pg_attribute where attrelid = c.conrelid and attnum = c.conkey[1]) <> 'campaign_id' or "
    "(select attname from pg_attribute where attrelid = c.confrelid and attnum = c.confkey[1]) <> 'campaign_id')"};
const Query kNullableCampaign = {"nullable_campaign", "select t.relname::text from " OUR_TABLES
                                                      " and not exists (select from pg_attribute a where a.attrelid = "
                                                      "t.oid and a.attname = 'campaign_id' and a.attnotnull "
                                                      "and a.atttypid = 'bigint'::regtype)"};
const Query kTriggers = {"triggers",
                         "select tgname::text from pg_trigger where not tgisinternal and tgrelid in (select t.oid "
                         "from " OUR_TABLES ")"};
const Query kWithoutRowSecurity = {
    "without_row_security",
    "select t.relname::text from " OUR_TABLES
    " and not (t.relrowsecurity and t.relforcerowsecurity and exists (select from pg_policy p where p.polrelid = t.oid "
    "and "
    "p.polcmd = '*' and pg_get_expr(p.polqual, t.oid) = '(campaign_id = current_campaign())' and "
    "pg_get_expr(p.polwithcheck, t.oid) = '(campaign_id = current_campaign())'))"};
// A second, permissive policy would open what the first one closes.
const Query kExtraPolicies = {
    "extra_policies",
    "select polname::text from pg_policy where polpermissive group by polrelid, polname having (select count(*) from "
    "pg_policy q where q.polrelid = pg_policy.polrelid and q.polpermissive) > 1"};
const Query kPowersOfRole = {
    "powers_of_role",
    "select rolname::text from pg_roles where rolname = 'snowfield_app' and (rolbypassrls or rolsuper or rolcanlogin "
    "or "
    "rolcreaterole or rolcreatedb) union all select t.relname::text from pg_class t where pg_has_role('snowfield_app', "
    "t.relowner, 'member') union all select r.rolname::text from pg_roles r where r.rolname not in ('snowfield_app') "
    "and "
    "pg_has_role('snowfield_app', r.oid, 'member')"};
const Query kUncheckedGeometry = {
    "unchecked_geometry",
    "select t.relname || '.' || a.attname from pg_attribute a join pg_class t on t.oid = a.attrelid where t.relkind = "
    "'r' "
    "and t.relnamespace = 'public'::regnamespace and a.atttypid in ('geometry'::regtype, 'geography'::regtype) and not "
    "exists (select from pg_constraint c where c.conrelid = t.oid and c.contype = 'c' and pg_get_constraintdef(c.oid) "
    "like "
    "'%is_place(' || quote_ident(a.attname) || ')%')"};
const Query kUnboundedGeometry = {
    "unbounded_geometry",
    "select f_table_name || '.' || f_geometry_column from geometry_columns where f_table_schema = 'public' and srid <> "
    "4326"};
const Query kChangeableHistory = {
    "changeable_history",
    "select t.relname::text from pg_class t where t.relname in ('knock', 'knock_response', 'knock_ask', "
    "'knock_conflict', "
    "'audit_log', 'audit_seal') and (has_table_privilege('snowfield_app', t.oid, 'update') or "
    "has_table_privilege('snowfield_app', "
    "t.oid, 'delete') or has_table_privilege('snowfield_app', t.oid, 'truncate') or "
    "has_any_column_privilege('snowfield_app', t.oid, 'update'))"};

std::vector<std::string> Names(Pool& pool, const Query& query) {
  const auto result = pool.Begin({})->Run(query);
  EXPECT_TRUE(result.ok()) << result.status();
  std::vector<std::string> names;
  if (!result.ok()) return names;
  for (const Row row : *result) names.emplace_back(row.Text(0));
  return names;
}

class Catalogue : public ::testing::Test {
 protected:
  std::vector<std::string> Breaking(const Query& rule) { return Names(database_.superuser_pool(), rule); }
  tests::TestDatabase database_;
};

TEST_F(Catalogue, EveryTableHasAPrimaryKeyAndEveryKeyLeadsWithTheCampaign) {
  EXPECT_THAT(Breaking(kNoPrimaryKey), IsEmpty());
  EXPECT_THAT(Breaking(kKeyWithoutCampaign), IsEmpty());
  EXPECT_THAT(Breaking(kForeignKeyWithoutCampaign), IsEmpty());
  EXPECT_THAT(Breaking(kNullableCampaign), IsEmpty());
}

TEST_F(Catalogue, NoTableHasATriggerOfOurs) { EXPECT_THAT(Breaking(kTriggers), IsEmpty()); }

TEST_F(Catalogue, RowSecurityIsForcedForARoleWithoutPowers) {
  EXPECT_THAT(Breaking(kWithoutRowSecurity), IsEmpty());
  EXPECT_THAT(Breaking(kExtraPolicies), IsEmpty());
  EXPECT_THAT(Breaking(kPowersOfRole), IsEmpty());
}

TEST_F(Catalogue, EveryGeometryIsCheckedToBeFiniteAndInRange) {
  EXPECT_THAT(Breaking(kUncheckedGeometry), IsEmpty());
  EXPECT_THAT(Breaking(kUnboundedGeometry), IsEmpty());
}

TEST_F(Catalogue, TheApplicationMayNotChangeHistory) { EXPECT_THAT(Breaking(kChangeableHistory), IsEmpty()); }

TEST_F(Catalogue, EachRuleCanFail) {
  auto owner = Connection::Open({.connection_string = database_.superuser_connection_string()});
  ASSERT_TRUE(owner.ok());
  const auto made = (*owner)->RunScript(
      "create table bad (id bigint unique, campaign_id bigint, place geometry(Point, 3857));"
      "create table other (id bigint primary key references bad (id));"
      "create function nothing() returns trigger language plpgsql as 'begin return new; end';"
      "create trigger bad_trigger before insert on bad for each row execute function nothing();"
      "create policy open_to_all on door using (true);"
      "grant update on knock to snowfield_app;"
      "alter table person no force row level security",
      {.deadline = absl::Now() + absl::Minutes(1)});
  ASSERT_TRUE(made.ok()) << made.status();
  EXPECT_THAT(Breaking(kNoPrimaryKey), SizeIs(1));
  EXPECT_THAT(Breaking(kKeyWithoutCampaign), SizeIs(2));
  EXPECT_THAT(Breaking(kForeignKeyWithoutCampaign), SizeIs(1));
  EXPECT_THAT(Breaking(kNullableCampaign), SizeIs(2));
  EXPECT_THAT(Breaking(kTriggers), SizeIs(1));
  EXPECT_THAT(Breaking(kWithoutRowSecurity), SizeIs(3));
  EXPECT_THAT(Breaking(kExtraPolicies), SizeIs(2));
  EXPECT_THAT(Breaking(kUncheckedGeometry), SizeIs(1));
  EXPECT_THAT(Breaking(kUnboundedGeometry), SizeIs(1));
  EXPECT_THAT(Breaking(kChangeableHistory), SizeIs(1));
  ASSERT_TRUE((*owner)
                  ->RunScript("alter table bad owner to snowfield_app; grant pg_read_all_data to snowfield_app",
                              {.deadline = absl::Now() + absl::Minutes(1)})
                  .ok());
  EXPECT_THAT(Breaking(kPowersOfRole), Not(IsEmpty()));
  // Roles are the cluster's, not the database's.
  ASSERT_TRUE(
      (*owner)
          ->RunScript("revoke pg_read_all_data from snowfield_app", {.deadline = absl::Now() + absl::Minutes(1)})
          .ok());
}

TEST_F(Catalogue, AKnockAndAnAuditEntryCannotBeChangedOrDeletedByTheApplication) {
  const base::CampaignId campaign = database_.CreateCampaign("One");
  const Query statements[] = {
      {"update_knock", "update knock set note = 'x' where campaign_id = $1"},
      {"delete_knock", "delete from knock where campaign_id = $1"},
      {"update_audit", "update audit_log set action = 'x' where campaign_id = $1"},
      {"delete_audit", "delete from audit_log where campaign_id = $1"},
      {"become_owner", "alter table knock disable row level security"},
  };
  for (const Query& statement : statements) {
    Transaction transaction = *database_.pool().Begin({.campaign = campaign});
    const Params params = std::string(statement.name) == "become_owner" ? Params() : Params().Id(campaign);
    EXPECT_EQ(SqlStateOf(transaction.Run(statement, params).status()), "42501") << statement.name;
  }
}

TEST_F(Catalogue, NoRowOfAnotherCampaignCanBeReadOrWritten) {
  const base::CampaignId mine = database_.CreateCampaign("Mine");
  const base::CampaignId theirs = database_.CreateCampaign("Theirs");
  const Query insert = {"insert", "insert into pass (campaign_id, name) values ($1, 'First')"};
  const Query count = {"count", "select count(*) from pass where campaign_id = $1"};
  const Query update = {"update", "update pass set name = 'Mine now' where campaign_id = $1"};
  const Query move = {"move", "update pass set campaign_id = $1 where campaign_id = $2"};
  for (const base::CampaignId campaign : {mine, theirs}) {
    Transaction transaction = *database_.pool().Begin({.campaign = campaign});
    ASSERT_TRUE(transaction.Run(insert, Params().Id(campaign)).ok());
    ASSERT_TRUE(transaction.Commit().ok());
  }
  const auto in_scope = [this](base::CampaignId scope, const Query& query, const Params& params) {
    return database_.pool().Begin({.campaign = scope})->Run(query, params);
  };
  EXPECT_EQ((*in_scope(mine, count, Params().Id(mine)))[0].Int64(0), 1);
  EXPECT_EQ((*in_scope(mine, count, Params().Id(theirs)))[0].Int64(0), 0);
  EXPECT_EQ(in_scope(mine, update, Params().Id(theirs))->affected_row_count(), 0);
  EXPECT_EQ(SqlStateOf(in_scope(mine, insert, Params().Id(theirs)).status()), "42501");
  EXPECT_EQ(SqlStateOf(in_scope(mine, move, Params().Id(theirs).Id(mine)).status()), "42501");
  EXPECT_EQ((*in_scope(base::CampaignId(), count, Params().Id(mine)))[0].Int64(0), 0) << "platform scope sees no rows";
}

TEST_F(Catalogue, APlaceThatNoMapCanHoldIsRefused) {
  const base::CampaignId campaign = database_.CreateCampaign("One");
  const Query insert = {"insert",
                        "insert into address_point (campaign_id, dataset, row_key, house_number, street, street_key, "
                        "number_key, position) values ($1, 'd', 'r', '1', 's', 's', '1', "
                        "st_setsrid(st_makepoint($2, $3), 4326))"};
  constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  const std::pair<double, double> places[] = {{kNan, 0},       {0, kNan}, {kInfinity, 0},
                                              {0, -kInfinity}, {500, 45}, {0, 95}};
  for (const auto& [longitude, latitude] : places) {
    Transaction transaction = *database_.pool().Begin({.campaign = campaign});
    const absl::Status status =
        transaction.Run(insert, Params().Id(campaign).Double(longitude).Double(latitude)).status();
    EXPECT_EQ(ConstraintOf(status), "address_point_position_ck") << longitude << " " << latitude;
  }
  Transaction transaction = *database_.pool().Begin({.campaign = campaign});
  EXPECT_TRUE(transaction.Run(insert, Params().Id(campaign).Double(-77).Double(38.9)).ok());
}

std::string SubjectOf(const Query& query) {
  return std::string(query.name).substr(0, std::string(query.name).find('.'));
}

bool StartsWithOneOf(const char* sql, std::initializer_list<const char*> words) {
  return std::any_of(words.begin(), words.end(), [sql](const char* word) { return absl::StartsWith(sql, word); });
}

// Prepares each statement of one subject, after its temporary tables are there. SQL's `prepare` takes no statement that
// defines or copies, and the server says 42P18 where it can't tell a parameter's type, which Params states.
TEST_F(Catalogue, EveryNamedQueryFitsTheSchema) {
  const auto all = queries::AllQueries();
  EXPECT_GT(all.size(), 5u);
  const Patience patience = {.deadline = absl::Now() + absl::Minutes(1)};
  std::set<std::string> subjects;
  for (const Query* query : all) subjects.insert(SubjectOf(*query));
  for (const std::string& subject : subjects) {
    auto connection = Connection::Open({.connection_string = database_.superuser_connection_string()});
    ASSERT_TRUE(connection.ok());
    ASSERT_TRUE((*connection)->RunScript("begin", patience).ok());
    for (const Query* query : all) {
      if (SubjectOf(*query) != subject || !absl::StartsWith(query->sql, "create temp")) continue;
      const absl::Status status = (*connection)->RunScript(query->sql, patience).status();
      EXPECT_TRUE(status.ok()) << query->name << ": " << status;
    }
    for (const Query* query : all) {
      if (SubjectOf(*query) != subject || StartsWithOneOf(query->sql, {"create", "copy", "analyze", "drop", "set "})) {
        continue;
      }
      ASSERT_TRUE((*connection)->RunScript("savepoint before", patience).ok());
      const std::string script = absl::StrCat("prepare \"", query->name, "\" as ", query->sql);
      const absl::Status status = (*connection)->RunScript(script, patience).status();
      EXPECT_TRUE(status.ok() || SqlStateOf(status) == "42P18") << query->name << ": " << status;
      ASSERT_TRUE((*connection)->RunScript("rollback to savepoint before", patience).ok());
    }
  }
}

}  // namespace
}  // namespace snowfield::db
