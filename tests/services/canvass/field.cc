#include "tests/services/canvass/field.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "base/list_number.h"
#include "base/status.h"
#include "base/uuid.h"
#include "db/pg/connection.h"
#include "services/canvass/canvass_service.h"
#include "services/canvass/report_service.h"
#include "services/canvass/review_service.h"
#include "services/canvass/script_service.h"
#include "services/followup/followup_service.h"
#include "services/rpc/timestamp.h"

namespace snowfield::tests {
namespace {

// A statement of a test's own. Each has its own name, as a name must always mean the same text; names live for ever.
absl::StatusOr<db::Result> RunSql(db::Pool& pool, base::CampaignId campaign, const std::string& sql) {
  static int count = 0;
  auto* name = new std::string(absl::StrCat("test.", ++count));
  auto* text = new std::string(sql);
  absl::StatusOr<db::Transaction> transaction = pool.Begin({.campaign = campaign});
  if (!transaction.ok()) return transaction.status();
  absl::StatusOr<db::Result> result = transaction->Run(db::Query{name->c_str(), text->c_str()});
  if (!result.ok()) return result;
  if (const absl::Status status = transaction->Commit(); !status.ok()) return status;
  return result;
}

}  // namespace

Field::Field() : clock(absl::Now()) {
  campaign = MakeCampaign(database);
  leader = MakeMember(campaign.owner, 1, 1, "leader");
  other_leader = MakeMember(campaign.owner, 1, 2, "leader");
  canvasser = MakeMember(leader, 2, 1, "canvasser");
  other_canvasser = MakeMember(other_leader, 2, 1, "canvasser");
  leader_token = MakeToken(database, campaign.campaign, leader);
  other_leader_token = MakeToken(database, campaign.campaign, other_leader);
  MakeGround();
  MakeTurfs();
  phone = MakePhone(canvasser);
  other_phone = MakePhone(other_canvasser);
  server_ = std::make_unique<TestServer>(
      database,
      std::vector<std::string>{"snowfield.canvass.v1.CanvassService", "snowfield.canvass.v1.ReviewService",
                               "snowfield.canvass.v1.ScriptService", "snowfield.canvass.v1.ReportService",
                               "snowfield.followup.v1.FollowUpService"},
      [this](const access::Gate& gate) {
        Services services;
        services.push_back(std::make_unique<canvass::CanvassService>(gate, &database.pool(), clock, metrics_));
        services.push_back(std::make_unique<canvass::ReviewService>(
            gate, &database.pool(), clock, [](const access::Call&, const canvass::DoorAside&) {
              // The field's turfs are drawn by hand and no board takes them; services/turf tests put doors back.
              return base::NotNow("CUT_NOT_DONE", "no board here");
            }));
        services.push_back(std::make_unique<canvass::ScriptService>(gate, &database.pool()));
        services.push_back(std::make_unique<canvass::ReportService>(gate, &database.pool(), clock));
        services.push_back(std::make_unique<followup::FollowUpService>(gate, &database.pool(), clock));
        return services;
      },
      clock);
  canvass_ = canvass::v1::CanvassService::NewStub(server_->channel());
  followup_ = followup::v1::FollowUpService::NewStub(server_->channel());
}

base::MemberId Field::MakeMember(base::MemberId above, int depth, int slot, const std::string& role) {
  return base::MemberId(
      Insert(absl::StrCat("insert into member (campaign_id, display_name, role, leader_id, leader_depth, slot, depth) "
                          "values (",
                          campaign.campaign.value, ", 'Member', '", role, "', ", above.value, ", ", depth - 1, ", ",
                          slot, ", ", depth, ") returning member_id")));
}

std::string Field::MakePhone(base::MemberId member) {
  const int64_t phone_id = Insert(absl::StrCat("insert into phone (campaign_id, member_id) values (",
                                               campaign.campaign.value, ", ", member.value, ") returning phone_id"));
  return MakeToken(database, campaign.campaign, member, base::PhoneId(phone_id));
}

void Field::MakeGround() {
  const std::string id = absl::StrCat(campaign.campaign.value);
  for (int i = 0; i < kDoors; ++i) {
    const int64_t point = Insert(absl::StrCat(
        "insert into address_point (campaign_id, dataset, row_key, house_number, street, street_key, number_key, city, "
        "position) values (",
        id, ", 'test', '", i, "', '", 100 + 2 * i, "', 'Elm Street', 'elm st', '", 100 + 2 * i,
        "', 'Hollow', st_setsrid(st_makepoint(-77.03 + ", i, " * 0.0002, 38.9), 4326)) returning address_point_id"));
    doors.push_back(Insert(absl::StrCat("insert into door (campaign_id, address_point_id) values (", id, ", ", point,
                                        ") returning door_id")));
    for (int j = 0; j < 2; ++j) {
      people.push_back(Insert(absl::StrCat(
          "insert into person (campaign_id, dataset, row_key, external_id, first_name, last_name, birth_year, party, "
          "phone, door_id) values (",
          id, ", 'test', '", i, "-", j, "', '', 'First", j, "', 'Last", i, "', 1980, 'DEM', '555-01", i, j, "', ",
          doors.back(), ") returning person_id")));
    }
  }
}

void Field::MakeTurfs() {
  const std::string id = absl::StrCat(campaign.campaign.value);
  const int64_t pass =
      Insert(absl::StrCat("insert into pass (campaign_id, name) values (", id, ", 'First') returning pass_id"));
  cut_id = Insert(
      absl::StrCat("insert into cut (campaign_id, pass_id, state, target_doors, min_doors, max_doors, seed) values (",
                   id, ", ", pass, ", 'published', 6, 1, 9, 1) returning cut_id"));
  for (int turf = 0; turf < 2; ++turf) {
    const int first = turf == 0 ? 0 : kDoorsOfFirstTurf;
    const int end = turf == 0 ? kDoorsOfFirstTurf : kDoors;
    const int64_t turf_id = Insert(absl::StrCat(
        "insert into turf (campaign_id, cut_id, pass_id, number, live, door_count, walk_length_m, area, walk) values (",
        id, ", ", cut_id, ", ", pass, ", ", turf + 1, ", true, ", end - first,
        ", 120, st_geomfromtext('MULTIPOLYGON(((-77.1 38.8,-77 38.8,-77 39,-77.1 39,-77.1 38.8)))', 4326), "
        "st_geomfromtext('LINESTRING(-77.03 38.9,-77.029 38.9)', 4326)) returning turf_id"));
    for (int i = first; i < end; ++i) {
      Execute(absl::StrCat(
          "insert into turf_door (campaign_id, cut_id, door_id, turf_id, pass_id, live, sequence) values (", id, ", ",
          cut_id, ", ", doors[i], ", ", turf_id, ", ", pass, ", true, ", i - first + 1, ")"));
    }
    lists.push_back(base::MakeListNumber(static_cast<uint32_t>(1000 + turf)));
    Execute(absl::StrCat("insert into walk_list (campaign_id, turf_id, leader_id, list_number) values (", id, ", ",
                         turf_id, ", ", turf == 0 ? leader.value : other_leader.value, ", '", lists.back(), "')"));
  }
}

void Field::CheckOut(const std::string& token, int list) {
  canvass::v1::CheckOutWalkListRequest request;
  request.set_list_number(lists[list - 1]);
  canvass::v1::CheckOutWalkListResponse response;
  const grpc::Status status = canvass().CheckOutWalkList(As(token).get(), request, &response);
  ASSERT_TRUE(status.ok()) << status.error_message();
}

canvass::v1::Knock Field::Knock(int index) const {
  canvass::v1::Knock knock;
  knock.set_knock_id(base::Uuid::Random().ToString());
  knock.set_door_id(doors[index]);
  knock.set_list_number(lists[index < kDoorsOfFirstTurf ? 0 : 1]);
  knock.set_result(canvass::v1::KNOCK_RESULT_NOT_HOME);
  *knock.mutable_phone_time() = rpc::ToTimestamp(clock.Now() - absl::Minutes(5));
  knock.set_boot_id("boot");
  knock.set_monotonic_ms(1000);
  knock.set_running_number(1);
  knock.mutable_position()->set_longitude(-77.03);
  knock.mutable_position()->set_latitude(38.9);
  knock.set_accuracy_m(8);
  return knock;
}

canvass::v1::Knock Field::AskKnock(int index, canvass::v1::AskKind ask, canvass::v1::AskAnswer answer) const {
  canvass::v1::Knock knock = Knock(index);
  knock.set_result(canvass::v1::KNOCK_RESULT_CANVASSED);
  canvass::v1::KnockAsk& asked = *knock.add_asks();
  asked.set_person_id(people[2 * index]);
  asked.set_ask(ask);
  asked.set_answer(answer);
  return knock;
}

canvass::v1::Addition Field::FoundPeople(int index) const {
  canvass::v1::Addition addition;
  addition.set_addition_id(base::Uuid::Random().ToString());
  addition.set_door_id(doors[index]);
  addition.set_list_number(lists[index < kDoorsOfFirstTurf ? 0 : 1]);
  *addition.mutable_phone_time() = rpc::ToTimestamp(clock.Now() - absl::Minutes(5));
  canvass::v1::FoundPerson& person = *addition.add_people();
  person.set_first_name("Noor");
  person.set_last_name("Newly");
  return addition;
}

canvass::v1::Addition Field::FoundDoor(int index) const {
  canvass::v1::Addition addition = FoundPeople(index);
  canvass::v1::FoundDoor& door = *addition.mutable_found_door();
  door.set_house_number(absl::StrCat(501 + 2 * index));
  door.set_street("Elm Street");
  door.mutable_position()->set_longitude(-77.03 + index * 0.0002);
  door.mutable_position()->set_latitude(38.9002);
  return addition;
}

std::vector<canvass::v1::KnockAnswer> Field::Send(const std::vector<canvass::v1::Knock>& knocks,
                                                  const std::string& token) {
  canvass::v1::SendKnocksRequest request;
  for (const canvass::v1::Knock& knock : knocks) *request.add_knocks() = knock;
  canvass::v1::SendKnocksResponse response;
  const grpc::Status status = canvass().SendKnocks(As(token.empty() ? phone : token).get(), request, &response);
  EXPECT_TRUE(status.ok()) << status.error_code() << " " << status.error_message();
  EXPECT_EQ(response.answers_size(), static_cast<int>(knocks.size()));
  return {response.answers().begin(), response.answers().end()};
}

int64_t Field::Insert(const std::string& sql) {
  const absl::StatusOr<db::Result> result = RunSql(database.superuser_pool(), campaign.campaign, sql);
  EXPECT_TRUE(result.ok()) << result.status() << "\n" << sql;
  return result.ok() && !result->empty() ? (*result)[0].Int64(0) : 0;
}

int64_t Field::Count(const std::string& sql) { return Insert(sql); }

void Field::Execute(const std::string& sql) { Insert(sql); }

}  // namespace snowfield::tests
