// How PostgreSQL goes about the statements of the intake on a campaign with many knocks: by keys that name a few rows,
// never by reading a table or all that an index has of the campaign.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/time/clock.h"
#include "db/pg/connection.h"
#include "db/queries/all_queries.h"
#include "tests/support/test_database.h"

namespace snowfield::db {
namespace {
using ::testing::IsEmpty;
using ::testing::SizeIs;

// 3,000 doors with a person each in 60 turfs, each with a list that is out on 8 phones; 12,000 knocks, 3,000
// follow-ups.
constexpr char kGround[] = R"sql(
  insert into address_point (campaign_id, address_point_id, dataset, row_key, house_number, street, street_key, number_key,
                             position)
    select {c}, i, 'd', i::text, i::text, 'Elm', 'elm', i::text, st_setsrid(st_makepoint(-77, 38.9), 4326)
    from generate_series(1, 3000) as i;
  insert into door (campaign_id, door_id, address_point_id) select {c}, i, i from generate_series(1, 3000) as i;
  insert into person (campaign_id, person_id, dataset, row_key, external_id, door_id)
    select {c}, i, 'd', i::text, i::text, i from generate_series(1, 3000) as i;
  insert into member (campaign_id, member_id, display_name, role, depth) values ({c}, 1, 'Root', 'owner', 0);
  insert into member (campaign_id, member_id, display_name, role, leader_id, leader_depth, slot, depth)
    select {c}, 1 + i, 'L', 'leader', 1, 0, i, 1 from generate_series(1, 8) as i;
  insert into phone (campaign_id, phone_id, member_id) select {c}, i, 1 from generate_series(1, 8) as i;
  insert into pass (campaign_id, pass_id, name) values ({c}, 1, 'First');
  insert into cut (campaign_id, cut_id, pass_id, state, target_doors, min_doors, max_doors, seed)
    values ({c}, 1, 1, 'done', 50, 1, 60, 1);
  insert into turf (campaign_id, turf_id, cut_id, pass_id, number, door_count, walk_length_m, area, walk, live)
    select {c}, i, 1, 1, i, 50, 0,
           st_setsrid('multipolygon(((0 0,1 0,1 1,0 0)))'::geometry, 4326), st_setsrid('linestring(0 0,1 1)'::geometry, 4326), true
    from generate_series(1, 60) as i;
  insert into turf_door (campaign_id, cut_id, door_id, turf_id, pass_id, live, sequence)
    select {c}, 1, i, 1 + (i - 1) / 50, 1, true, 1 + (i - 1) % 50 from generate_series(1, 3000) as i;
  insert into walk_list (campaign_id, walk_list_id, turf_id, leader_id, list_number)
    select {c}, i, i, 1, lpad(i::text, 8, '0') from generate_series(1, 60) as i;
  insert into knock (campaign_id, knock_id, content_hash, door_id, walk_list_id, member_id, phone_id, result, phone_time,
                     knock_time, running_number)
    select {c}, gen_random_uuid(), sha256(i::text::bytea), 1 + i % 3000, 1 + (i % 3000) / 50, 1, 1 + i % 8, 2, now(), now(), i
    from generate_series(1, 12000) as i;
  insert into knock (campaign_id, knock_id, content_hash, door_id, walk_list_id, member_id, phone_id, result, phone_time,
                     knock_time, running_number, corrects_knock_id)
    select k.campaign_id, gen_random_uuid(), k.content_hash, k.door_id, k.walk_list_id, 1, k.phone_id, 1, now(), now(),
      20000 + k.running_number, k.knock_id
    from knock k where k.running_number % 10 = 0;
  insert into knock_response (campaign_id, knock_id, ordinal, person_id, question, answer)
    select k.campaign_id, k.knock_id, 1, k.door_id, 'support', '1' from knock k;
  insert into knock_ask (campaign_id, knock_id, ordinal, person_id, ask, answer)
    select k.campaign_id, k.knock_id, 1, k.door_id, 1, 1 from knock k;
  insert into follow_up_rule (campaign_id, rule_id, name, when_result, queue, due_after)
    values ({c}, 1, 'come back', 4, 'revisit', '1 day');
  insert into follow_up (campaign_id, knock_id, rule_id, door_id, person_id, queue, owner_id, priority, due_time)
    select k.campaign_id, k.knock_id, 1, k.door_id, k.door_id, 'revisit', 1 + k.door_id % 9, 1,
      now() + k.door_id * interval '1 minute'
    from knock k where k.running_number % 4 = 0;
  insert into meeting (campaign_id, meeting_id, kind, title, host_id, start_time, end_time, time_zone, capacity, update_time,
                       request_id)
    select {c}, m, 'house_meeting', 'm', 1, now(), now() + interval '1 hour', 'UTC', 12, now(), gen_random_uuid()
    from generate_series(1, 50) as m;
  insert into knock_ask (campaign_id, knock_id, ordinal, person_id, ask, answer, meeting_id)
    select k.campaign_id, k.knock_id, 2, k.door_id, 7, 1, 1 + k.door_id % 50 from knock k where k.running_number % 3 = 0;
  insert into meeting_guest (campaign_id, meeting_id, capacity, person_id)
    select {c}, m, 12, p from generate_series(1, 50) as m, generate_series(1, 100) as p;
  insert into checkout (campaign_id, walk_list_id, phone_id, expire_time)
    select {c}, w, p, now() + interval '1 hour' from generate_series(1, 60) as w, generate_series(1, 8) as p;
  -- Without the edits that made them.
  set session_replication_role = replica;
  insert into turf_version (campaign_id, turf_id, version, cut_id, edit_number, door_ids, walk_length_m, area, walk, metrics)
    select t.campaign_id, t.turf_id, v, 1, v, '{1,2,3}', 0, t.area, t.walk, '{}' from turf t, generate_series(1, 20) as v;
  set session_replication_role = origin;
  analyze;
)sql";

// What SendKnocks runs for each commit, whatever is in it.
constexpr std::string_view kIntake[] = {
    "knock.find_knocks",
    "knock.find_lists_in_hand",
    "knock.find_doors_of_lists",
    "knock.find_people_at_doors",
    "knock.lock_doors_shared",
    "knock.lock_doors",
    "knock.insert_knocks",
    "knock.insert_responses",
    "knock.insert_asks",
    "knock.insert_conflicts",
    "knock.list_change_targets",
    "evidence.insert_evidence",
    "change.append_changes",
    "script.find_script_bodies",
    "meeting.find_meetings",
    "meeting.lock_meetings_of_knocks",
    "meeting.answer_at_doors",
    "meeting.people_not_to_contact_at",
    "meeting.lock_meetings_to_come_of_people",
    "meeting.uninvite_people",
    "follow_up.create_follow_ups",
    "follow_up.list_filter_rules",
    "follow_up.drop_follow_ups_that_no_longer_pass",
    "knock.mark_people_do_not_contact",
    "knock.mark_doors_do_not_contact",
    "follow_up.drop_corrected_follow_ups",
    "follow_up.drop_follow_ups_not_to_contact",
};
// Tables that hold a few rows in any campaign: reading them whole is right.
constexpr std::string_view kSmallTables[] = {"follow_up_rule", "evidence_limits", "pass",   "campaign",
                                             "change_counter", "member",          "script", "meeting"};

std::string Trimmed(const std::string& line) { return line.substr(std::min(line.find_first_not_of(' '), line.size())); }

// "Index Scan using knock_pk on knock k" -> "knock".
std::string TableOf(const std::string& scan) {
  const std::string from = scan.substr(scan.rfind(" on ") + 4);
  return from.substr(0, from.find(' '));
}

// The scans of a plan that read more of a table than keys name: its whole, or all that an index has of the campaign.
std::vector<std::string> ScansOfAll(const std::vector<std::string>& plan) {
  std::vector<std::string> found;
  for (size_t i = 0; i < plan.size(); ++i) {
    const std::string line = Trimmed(plan[i]);
    const bool is_sequential = line.find("Seq Scan on ") != std::string::npos;
    const bool is_by_index =
        line.find("Index Scan") != std::string::npos || line.find("Index Only Scan") != std::string::npos;
    if ((!is_sequential && !is_by_index) || absl::c_linear_search(kSmallTables, TableOf(line))) continue;
    const std::string keys = i + 1 < plan.size() ? Trimmed(plan[i + 1]) : "";
    const bool has_key = keys.starts_with("Index Cond:") && keys.find(" AND ") != std::string::npos;
    if (is_sequential || !has_key) found.push_back(absl::StrCat(line, " | ", keys));
  }
  return found;
}

class LookUpPlan : public ::testing::Test {
 protected:
  LookUpPlan() : campaign_(database_.CreateCampaign("One")) {
    connection_ = *Connection::Open({.connection_string = database_.superuser_connection_string()});
    Do(absl::StrReplaceAll(kGround, {{"{c}", absl::StrCat(campaign_.value)}}));
    // As the intake works: its role, its scope, its settings, and a plan that serves any values.
    Do(absl::StrCat("set role snowfield_app; set snowfield.campaign_id = '", campaign_.value,
                    "'; set enable_seqscan = off; set enable_hashjoin = off; set enable_mergejoin = off; "
                    "set plan_cache_mode = force_generic_plan"));
  }

  void Do(const std::string& script) {
    const auto done = connection_->RunScript(script, {.deadline = absl::Now() + absl::Minutes(1)});
    ASSERT_TRUE(done.ok()) << done.status();
  }

  std::vector<std::string> PlanOf(const Query& query) {
    Do(absl::StrCat("prepare looked_at as ", query.sql));
    const Query count{"look_up_plan.count",
                      "select cardinality(parameter_types) from pg_prepared_statements "
                      "where name = 'looked_at'"};
    const Patience patience{.deadline = absl::Now() + absl::Minutes(1)};
    const auto parameters = connection_->Run(count, Params(), patience);
    EXPECT_TRUE(parameters.ok()) << parameters.status();
    std::string nulls = "null";
    for (int64_t i = 1; i < (*parameters)[0].Int64(0); ++i) nulls += ", null";
    const std::string text = absl::StrCat("explain (costs off) execute looked_at (", nulls, ")");
    const auto rows = connection_->Run({"", text.c_str()}, Params(), patience);
    EXPECT_TRUE(rows.ok()) << rows.status();
    std::vector<std::string> plan;
    for (const Row& row : *rows) plan.emplace_back(row.Text(0));
    Do("deallocate looked_at");
    return plan;
  }

  tests::TestDatabase database_;
  const base::CampaignId campaign_;
  std::unique_ptr<Connection> connection_;
};

TEST_F(LookUpPlan, TheIntakeReadsNoMoreThanItsKeysName) {
  std::vector<std::string_view> seen;
  for (const Query* query : queries::AllQueries()) {
    if (!absl::c_linear_search(kIntake, query->name)) continue;
    seen.push_back(query->name);
    EXPECT_THAT(ScansOfAll(PlanOf(*query)), IsEmpty()) << query->name;
  }
  EXPECT_THAT(seen, SizeIs(std::size(kIntake))) << "a statement of the intake has another name now";
}

TEST_F(LookUpPlan, AReadingOfAllIsSeen) {
  const Query by_campaign{"", "select count(*) from knock k where k.campaign_id = $1 and k.note = $2"};
  EXPECT_THAT(ScansOfAll(PlanOf(by_campaign)), SizeIs(1));
}

}  // namespace
}  // namespace snowfield::db
