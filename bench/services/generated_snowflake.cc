#include "bench/services/generated_snowflake.h"

#include <chrono>
#include <random>
#include <utility>

#include "base/status.h"
#include "db/pg/pool.h"

namespace snowfield::bench {
namespace {

constexpr int kSpan = 8;
constexpr int kFullLevels = 3;        // whose members all lead a full team
constexpr double kLeadsBelow = 0.45;  // the share of those further down who lead
constexpr int kTeamMin = 3;
constexpr int kDoorsOfTurf = 40;
constexpr int kListsOfLeader = 8;

const db::Query kInsertMembers = {
    "snowflake.insert_members",
    "insert into member (campaign_id, member_id, display_name, role, leader_id, leader_depth, slot, depth) select $1, "
    "n.member_id, 'Member ' || n.member_id, n.role, n.leader_id, n.depth - 1, n.slot, n.depth from "
    "unnest($2::bigint[], "
    "$3::bigint[], $4::integer[], $5::integer[], $6::text[]) as n (member_id, leader_id, slot, depth, role)"};
const db::Query kAnalyze = {"snowflake.analyze",
                            "select setval('member_member_id_seq', (select max(member_id) from member))"};
const db::Query kInsertPoints = {
    "snowflake.insert_points",
    "insert into address_point (campaign_id, address_point_id, dataset, row_key, house_number, street, street_key, "
    "number_key, position) overriding system value select $1, i, 'generated', i::text, i::text, 'Elm Street', "
    "'elm street', i::text, st_setsrid(st_makepoint(-77 + (i % 300) * 0.0003, 38.8 + (i / 300) * 0.0003), 4326) from "
    "generate_series(1, $2::integer) i"};
const db::Query kInsertDoors = {"snowflake.insert_doors",
                                "insert into door (campaign_id, door_id, address_point_id) overriding system value "
                                "select $1, i, i from generate_series(1, $2::integer) i"};
const db::Query kInsertPass = {"snowflake.insert_pass",
                               "insert into pass (campaign_id, name) values ($1, 'generated') returning pass_id"};
const db::Query kInsertCut = {"snowflake.insert_cut",
                              "insert into cut (campaign_id, pass_id, state, target_doors, min_doors, max_doors, seed) "
                              "values ($1, $2, 'published', "
                              "40, 1, 80, 1) returning cut_id"};
const db::Query kInsertTurfs = {
    "snowflake.insert_turfs",
    "insert into turf (campaign_id, turf_id, cut_id, pass_id, number, live, door_count, walk_length_m, area, walk) "
    "overriding system value select $1, i, $2, $3, i, true, 40, 600, st_geomfromtext('MULTIPOLYGON(((-77.1 38.8,-77 "
    "38.8,-77 39,-77.1 38.8)))', 4326), st_geomfromtext('LINESTRING(-77.03 38.9,-77.029 38.9)', 4326) from "
    "generate_series(1, $4::integer) i"};
const db::Query kInsertTurfDoors = {
    "snowflake.insert_turf_doors",
    "insert into turf_door (campaign_id, cut_id, pass_id, live, turf_id, door_id, sequence) select $1, $2, $3, true, "
    "(i - 1) / 40 + 1, i, (i - 1) % 40 + 1 from generate_series(1, $4::integer * 40) i"};
const db::Query kInsertLists = {
    "snowflake.insert_lists",
    "insert into walk_list (campaign_id, walk_list_id, turf_id, leader_id, list_number) overriding system value select "
    "$1, i, i, l.leader_id, (10000000 + i)::text from unnest($2::bigint[]) with ordinality as l (leader_id, i)"};
const db::Query kInsertKnocks = {
    "snowflake.insert_knocks",
    "with range as (select min(member_id) as low, max(member_id) as high from member where campaign_id = $1), lists as "
    "(select count(*)::integer as n from walk_list where campaign_id = $1), drawn as (select gen_random_uuid() as "
    "knock_id, floor(random() * l.n)::integer + 1 as walk_list_id, floor(r.low + random() * (r.high - r.low + "
    "1))::bigint as member_id, random() as talk, floor(random() * 40)::integer as d, now() - random() * interval '40 "
    "days' as at from generate_series(1, $2::integer), range r, lists l) insert into knock (campaign_id, knock_id, "
    "content_hash, door_id, walk_list_id, member_id, result, phone_time, knock_time) select $1, knock_id, "
    "sha256(knock_id::text::bytea), (walk_list_id - 1) * 40 + d + 1, walk_list_id, member_id, case when talk < 0.3 "
    "then 1 "
    "else 2 end, at, at from drawn"};
const db::Query kInsertResponses = {
    "snowflake.insert_responses",
    "insert into knock_response (campaign_id, knock_id, ordinal, question, answer) select $1, k.knock_id, 1, "
    "'support', "
    "(floor(random() * 5) + 1)::text from knock k where k.campaign_id = $1 and k.result = 1 on conflict do nothing"};
const db::Query kInsertAsks = {
    "snowflake.insert_asks",
    "insert into knock_ask (campaign_id, knock_id, ordinal, ask, answer) select $1, k.knock_id, 1, 1, "
    "floor(random() * 3)::integer + 1 from knock k where k.campaign_id = $1 and k.result = 1 on conflict do nothing"};
const db::Query kInsertFollowUps = {
    "snowflake.insert_follow_ups",
    "insert into follow_up (campaign_id, knock_id, rule_id, door_id, queue, owner_id, priority, due_time) select $1, "
    "a.knock_id, r.rule_id, k.door_id, 'volunteer', w.leader_id, 1, now() + (random() - 0.3) * interval '3 days' from "
    "knock_ask a join knock k using (campaign_id, knock_id) join walk_list w on w.campaign_id = $1 and w.walk_list_id "
    "= "
    "k.walk_list_id cross join (select min(rule_id) as rule_id from follow_up_rule where campaign_id = $1) r where "
    "a.campaign_id = $1 and a.answer = 1 on conflict do nothing"};
const db::Query kInsertChanges = {
    "snowflake.insert_changes",
    "with fresh as (select k.knock_id, k.walk_list_id, k.door_id, row_number() over () as n from knock k where "
    "k.campaign_id = $1 and not exists (select from change c where c.campaign_id = $1 and c.knock_id = k.knock_id)), "
    "counter as (update change_counter set last_change = last_change + (select count(*) from fresh) where campaign_id "
    "= "
    "$1 returning last_change) insert into change (campaign_id, change_number, kind, walk_list_id, door_id, knock_id) "
    "select $1, c.last_change - f.n + 1, 'knock', f.walk_list_id, f.door_id, f.knock_id from fresh f, counter c"};

double SecondsSince(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

// The tree as places: index of the leader, slot, depth; the owner is index 0.
struct Places {
  std::vector<int> leader, slot, depth;
  std::vector<bool> leads;
};

Places DrawPlaces(const SnowflakeOptions& options) {
  std::mt19937 random(options.seed);
  std::uniform_real_distribution<double> share(0, 1);
  std::uniform_int_distribution<int> team_size(kTeamMin, kSpan);
  Places places{.leader = {-1}, .slot = {0}, .depth = {0}, .leads = {true}};
  const auto size = [&] { return static_cast<int>(places.leader.size()); };
  for (int at = 0; at < size() && size() <= options.members; ++at) {
    const int depth = places.depth[at];
    // The last one that is left leads in any case, so that the tree gets to its size.
    if (depth > kFullLevels && share(random) >= kLeadsBelow && at + 1 < size()) continue;
    places.leads[at] = true;
    const int team = depth <= kFullLevels ? kSpan : team_size(random);
    for (int slot = 1; slot <= team && size() <= options.members; ++slot) {
      places.leader.push_back(at);
      places.slot.push_back(slot);
      places.depth.push_back(depth + 1);
      places.leads.push_back(false);
    }
  }
  return places;
}

absl::Status StoreMembers(db::Transaction& transaction, const Places& places, const std::vector<base::MemberId>& ids) {
  std::vector<base::MemberId> members, leaders;
  std::vector<int32_t> slots, depths;
  std::vector<std::string_view> roles;
  for (size_t i = 1; i < ids.size(); ++i) {
    members.push_back(ids[i]);
    leaders.push_back(ids[places.leader[i]]);
    slots.push_back(places.slot[i]);
    depths.push_back(places.depth[i]);
    roles.push_back(places.leads[i] ? (places.depth[i] <= 2 ? "organizer" : "leader") : "canvasser");
  }
  return transaction
      .Run(kInsertMembers,
           db::Params().Id(transaction.campaign()).Ids(members).Ids(leaders).Int32s(slots).Int32s(depths).Texts(roles))
      .status();
}

absl::Status StoreGround(db::Transaction& transaction, const std::vector<base::MemberId>& holders, int turfs) {
  const auto campaign = [&] { return db::Params().Id(transaction.campaign()); };
  const int doors = turfs * kDoorsOfTurf;
  SNOWFIELD_RETURN_IF_ERROR(transaction.Run(kInsertPoints, campaign().Int32(doors)).status());
  SNOWFIELD_RETURN_IF_ERROR(transaction.Run(kInsertDoors, campaign().Int32(doors)).status());
  SNOWFIELD_ASSIGN_OR_RETURN(const db::Result pass, transaction.Run(kInsertPass, campaign()));
  const int64_t pass_id = pass[0].Int64(0);
  SNOWFIELD_ASSIGN_OR_RETURN(const db::Result cut, transaction.Run(kInsertCut, campaign().Int64(pass_id)));
  const int64_t cut_id = cut[0].Int64(0);
  const db::Params ground = campaign().Int64(cut_id).Int64(pass_id).Int32(turfs);
  SNOWFIELD_RETURN_IF_ERROR(transaction.Run(kInsertTurfs, ground).status());
  SNOWFIELD_RETURN_IF_ERROR(transaction.Run(kInsertTurfDoors, ground).status());
  std::vector<base::MemberId> of_list;
  for (int i = 0; i < turfs; ++i) of_list.push_back(holders[(i / kListsOfLeader) % holders.size()]);
  return transaction.Run(kInsertLists, campaign().Ids(of_list)).status();
}

absl::Status StoreKnocks(db::Transaction& transaction, int knocks) {
  const db::Params campaign = db::Params().Id(transaction.campaign());
  SNOWFIELD_RETURN_IF_ERROR(
      transaction.Run(kInsertKnocks, db::Params().Id(transaction.campaign()).Int32(knocks)).status());
  for (const db::Query* query : {&kInsertResponses, &kInsertAsks, &kInsertFollowUps, &kInsertChanges}) {
    SNOWFIELD_RETURN_IF_ERROR(transaction.Run(*query, campaign).status());
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Snowflake> GenerateSnowflake(tests::TestDatabase& database, base::CampaignId campaign,
                                            base::MemberId owner, const SnowflakeOptions& options) {
  const Places places = DrawPlaces(options);
  Snowflake snowflake;
  for (size_t i = 0; i < places.leader.size(); ++i) {
    snowflake.members.push_back(i == 0 ? owner : base::MemberId(owner.value + static_cast<int64_t>(i)));
  }
  snowflake.depth = places.depth;
  snowflake.branch_size.assign(places.leader.size(), 1);
  for (size_t i = places.leader.size(); --i > 0;) snowflake.branch_size[places.leader[i]] += snowflake.branch_size[i];
  const int turfs = options.doors / kDoorsOfTurf;
  for (size_t i = 1; i < places.leads.size(); ++i) {
    if (static_cast<int>(snowflake.list_holders.size()) * kListsOfLeader >= turfs) break;
    if (places.leads[i] && places.depth[i] >= 3 && i % 7 == 0) snowflake.list_holders.push_back(snowflake.members[i]);
  }
  if (snowflake.list_holders.empty()) snowflake.list_holders.push_back(owner);

  auto start = std::chrono::steady_clock::now();
  SNOWFIELD_ASSIGN_OR_RETURN(db::Transaction transaction, database.superuser_pool().Begin({.campaign = campaign}));
  SNOWFIELD_RETURN_IF_ERROR(StoreMembers(transaction, places, snowflake.members));
  SNOWFIELD_RETURN_IF_ERROR(transaction.Run(kAnalyze).status());
  snowflake.tree_seconds = SecondsSince(start);
  start = std::chrono::steady_clock::now();
  SNOWFIELD_RETURN_IF_ERROR(StoreGround(transaction, snowflake.list_holders, turfs));
  SNOWFIELD_RETURN_IF_ERROR(StoreKnocks(transaction, options.knocks));
  SNOWFIELD_RETURN_IF_ERROR(transaction.Commit());
  snowflake.knock_seconds = SecondsSince(start);
  return snowflake;
}

absl::Status AddKnocks(tests::TestDatabase& database, base::CampaignId campaign, int knocks) {
  SNOWFIELD_ASSIGN_OR_RETURN(db::Transaction transaction, database.superuser_pool().Begin({.campaign = campaign}));
  SNOWFIELD_RETURN_IF_ERROR(StoreKnocks(transaction, knocks));
  return transaction.Commit();
}

}  // namespace snowfield::bench
