#include "tests/support/knock_ground.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "base/list_number.h"
#include "base/uuid.h"
#include "db/pg/connection.h"
#include "db/store/access_store.h"
#include "db/store/follow_up_store.h"
#include "db/store/script_store.h"
#include "services/access/token.h"
#include "services/rpc/timestamp.h"

namespace snowfield::tests {
namespace {
namespace pb = canvass::v1;
constexpr int kListsPerLeader = 8;
constexpr absl::Duration kStatementTime = absl::Minutes(10);

void Require(const absl::Status& status) {
  if (status.ok()) return;
  std::fprintf(stderr, "%s\n", status.ToString().c_str());
  std::exit(1);
}
template <typename T>
T Require(absl::StatusOr<T> value) {
  Require(value.status());
  return *std::move(value);
}
}  // namespace

KnockGround::KnockGround(const std::string& superuser_connection_string, int list_count)
    : connection_string_(superuser_connection_string),
      pool_(Require(
          db::Pool::Open({.connection_string = superuser_connection_string, .role = "", .connection_count_max = 2}))) {
  MakeCampaign();
  MakeDoors(list_count);
  MakeTeams(list_count);
  MakeLists(list_count);
  // Their clocks and positions are made up, and nobody is to judge them.
  Execute(absl::StrCat("insert into evidence_limits select ", campaign_.value, ", 1e9, 1e9, 1e9, 1e9, 1e9, 1e9"));
  Execute("analyze");
}

void KnockGround::MakeCampaign() {
  {
    db::Transaction transaction = Require(pool_->Begin({}));
    campaign_ = Require(db::NextCampaignId(transaction));
  }
  db::Transaction transaction = Require(pool_->Begin({.campaign = campaign_}));
  Require(db::CreateCampaign(transaction, {.name = "Ground", .span = 12, .owner_name = "Owner"}).status());
  Require(db::InstallDefaultRules(transaction));
  Require(db::InstallDefaultScript(transaction));
  Require(transaction.Commit());
}

void KnockGround::Execute(const std::string& sql) {
  const auto connection = Require(db::Connection::Open({.connection_string = connection_string_}));
  Require(connection->RunScript(sql, {.deadline = absl::Now() + kStatementTime}).status());
}

// Ids are given by rule, so that nothing has to be read back: door d of list l is 45 l + d + 1, and so on.
void KnockGround::MakeDoors(int list_count) {
  const std::string c = absl::StrCat(campaign_.value);
  const std::string doors = absl::StrCat("generate_series(1, ", list_count * kDoorsPerList, ") as d");
  Execute(absl::StrCat(
      "insert into address_point (campaign_id, address_point_id, dataset, row_key, house_number, street, street_key, "
      "number_key, city, position) select ",
      c, ", d, 'bench', d, 100 + 2 * (d % 45), 'Elm Street ' || d / 45, 'elm street ' || d / 45, d, 'Hollow', ",
      "st_setsrid(st_makepoint(-77.5 + 0.0002 * (d % 2000), 38.5 + 0.0005 * (d / 2000)), 4326) from ", doors));
  Execute(absl::StrCat("insert into door (campaign_id, door_id, address_point_id) select ", c, ", d, d from ", doors));
  Execute(absl::StrCat(
      "insert into person (campaign_id, person_id, dataset, row_key, external_id, first_name, last_name, birth_year, "
      "party, door_id) select ",
      c, ", 2 * d + i - 1, 'bench', d || '-' || i, '', (array['Maria','James','Linda','Robert','Ana','Tom','Grace'])",
      "[1 + (d * 7 + i) % 7], (array['Smith','Garcia','Johnson','Miller','Nguyen','Brown','Davis','Lopez'])[1 + d % "
      "8], ",
      "1930 + (d * 13 + i) % 75, (array['DEM','REP','IND',''])[1 + (d + i) % 4], d from ", doors,
      ", generate_series(0, 1) as i"));
  Execute(absl::StrCat("insert into pass (campaign_id, pass_id, name) values (", c, ", 1, 'First')"));
  Execute(absl::StrCat(
      "insert into cut (campaign_id, cut_id, pass_id, state, target_doors, min_doors, max_doors, seed) values (", c,
      ", 1, 1, 'published', 45, 41, 49, 1)"));
  Execute(absl::StrCat(
      "insert into turf (campaign_id, turf_id, cut_id, pass_id, number, live, door_count, walk_length_m, area, walk) ",
      "select ", c, ", t, 1, 1, t, true, 45, 700, st_geomfromtext('MULTIPOLYGON(((-77.1 38.8,-77 38.8,-77 39,",
      "-77.1 39,-77.1 38.8)))', 4326), (select st_setsrid(st_makeline(array_agg(p.position order by "
      "p.address_point_id))",
      ", 4326) from address_point p where p.address_point_id between 45 * (t - 1) + 1 and 45 * t) ",
      "from generate_series(1, ", list_count, ") as t"));
  Execute(absl::StrCat("insert into turf_door (campaign_id, cut_id, door_id, turf_id, pass_id, live, sequence) select ",
                       c, ", 1, d, (d - 1) / 45 + 1, 1, true, (d - 1) % 45 + 1 from ", doors));
}

void KnockGround::MakeTeams(int list_count) {
  const std::string c = absl::StrCat(campaign_.value);
  const int teams = (list_count + kListsPerLeader - 1) / kListsPerLeader;
  // A leader for every eight lists, in tens below one another's heads; one canvasser for each list.
  Execute(
      absl::StrCat("insert into member (campaign_id, member_id, display_name, role, leader_id, leader_depth, slot, "
                   "depth) select ",
                   c,
                   ", 1000000 + g, 'G', 'organizer', (select min(member_id) from member where "
                   "campaign_id = ",
                   c, "), 0, g, 1 from generate_series(1, ", std::min(12, teams), ") as g"));
  Execute(absl::StrCat("insert into campaign_slot (campaign_id, slot) select ", c,
                       ", s from generate_series(9, 12) as s on conflict do nothing"));
  Execute("alter table campaign_slot drop constraint campaign_slot_ck");
  Execute(absl::StrCat("insert into campaign_slot (campaign_id, slot) select ", c, ", s from generate_series(13, ",
                       teams + 13, ") as s"));
  Execute(
      absl::StrCat("insert into member (campaign_id, member_id, display_name, role, leader_id, leader_depth, slot, "
                   "depth) select ",
                   c, ", 2000000 + t, 'L', 'leader', 1000001, 1, t, 2 from generate_series(1, ", teams, ") as t"));
  Execute(
      absl::StrCat("insert into member (campaign_id, member_id, display_name, role, leader_id, leader_depth, slot, "
                   "depth) select ",
                   c,
                   ", 3000000 + l, 'C', 'canvasser', 2000000 + (l - 1) / 8 + 1, 2, (l - 1) % 8 "
                   "+ 1, 3 from generate_series(1, ",
                   list_count, ") as l"));
}

void KnockGround::MakeLists(int list_count) {
  const std::string c = absl::StrCat(campaign_.value);
  std::string lists;
  for (int l = 0; l < list_count; ++l) {
    GroundList& list = lists_.emplace_back();
    list.number = base::MakeListNumber(static_cast<uint32_t>(l + 1000));
    list.walk_list = base::WalkListId(l + 1);
    list.leader = base::MemberId(2'000'000 + l / kListsPerLeader + 1);
    for (int d = 0; d < kDoorsPerList; ++d) {
      const int64_t door = int64_t{l} * kDoorsPerList + d + 1;
      list.doors.push_back(door);
      list.people.push_back(2 * door - 1);
      list.people.push_back(2 * door);
    }
    absl::StrAppend(&lists, l == 0 ? "" : ", ", "(", c, ", ", l + 1, ", ", l + 1, ", ", list.leader.value, ", '",
                    list.number, "')");
  }
  Execute("insert into walk_list (campaign_id, walk_list_id, turf_id, leader_id, list_number) values " + lists);
  Execute(absl::StrCat("insert into phone (campaign_id, phone_id, member_id) select ", c,
                       ", l, 3000000 + l from generate_series(1, ", list_count, ") as l"));
  // Each phone has the lists of its team out.
  Execute(absl::StrCat("insert into checkout (campaign_id, walk_list_id, phone_id, expire_time) select ", c,
                       ", w, p, now() + interval '12 hours' from generate_series(1, ", list_count,
                       ") as p, generate_series(1, ", list_count, ") as w where (w - 1) / 8 = (p - 1) / 8"));
  db::Transaction transaction = Require(pool_->Begin({.campaign = campaign_}));
  for (int l = 0; l < list_count; ++l) {
    const access::NewSecret secret = access::NewToken(access::TokenKind::kPhone, campaign_);
    GroundPhone& phone = phones_.emplace_back();
    phone.phone = base::PhoneId(l + 1);
    phone.member = base::MemberId(3'000'000 + l + 1);
    phone.token = secret.text;
    Require(db::InsertToken(transaction, {.hash = secret.hash,
                                          .member = phone.member,
                                          .phone = phone.phone,
                                          .expire_time = absl::Now() + absl::Hours(48)})
                .status());
  }
  Require(transaction.Commit());
}

pb::Knock MakeKnock(const GroundList& list, int door, std::mt19937_64& random) {
  const auto roll = [&](int sides) { return static_cast<int>(random() % static_cast<uint64_t>(sides)); };
  pb::Knock knock;
  knock.set_knock_id(base::Uuid::Random().ToString());
  knock.set_door_id(list.doors[door]);
  knock.set_list_number(list.number);
  *knock.mutable_phone_time() = rpc::ToTimestamp(absl::Now() - absl::Minutes(roll(90)));
  knock.set_boot_id("4b8c6a2e-boot");
  knock.set_monotonic_ms(1000 * roll(100'000));
  knock.mutable_position()->set_longitude(-77.5 + 0.0002 * static_cast<double>(list.doors[door] % 2000));
  knock.mutable_position()->set_latitude(38.5 + 0.0005 * static_cast<double>(list.doors[door] / 2000));
  knock.set_accuracy_m(static_cast<float>(4 + roll(12)));
  const int said = roll(1000);
  if (said < 2) {
    knock.set_result(pb::KNOCK_RESULT_DO_NOT_CONTACT);
  } else if (said < 52) {
    knock.set_result(pb::KNOCK_RESULT_COME_BACK);
  } else if (said < 302) {
    knock.set_result(pb::KNOCK_RESULT_CANVASSED);
    const int64_t person = list.people[2 * door + roll(2)];
    pb::KnockResponse& response = *knock.add_responses();
    response.set_person_id(person);
    response.set_question("support");
    response.set_answer(absl::StrCat(1 + roll(5)));
    pb::KnockAsk& ask = *knock.add_asks();
    ask.set_person_id(person);
    ask.set_ask(pb::ASK_KIND_VOLUNTEER);
    ask.set_answer(roll(5) == 0 ? pb::ASK_ANSWER_YES : pb::ASK_ANSWER_NO);
    if (roll(10) == 0) knock.set_note("has a sign from last year, asked for a new one; dog in the yard");
  } else if (said < 380) {
    knock.set_result(pb::KNOCK_RESULT_REFUSED);
  } else {
    knock.set_result(pb::KNOCK_RESULT_NOT_HOME);
  }
  return knock;
}

}  // namespace snowfield::tests
