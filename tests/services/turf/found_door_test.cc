// A door that a canvasser found comes into the turf of the list that was walked, over a real server.
#include <algorithm>

#include "absl/strings/str_cat.h"
#include "base/uuid.h"
#include "services/canvass/canvass_service.h"
#include "services/canvass/review_service.h"
#include "services/rpc/timestamp.h"
#include "tests/services/turf/turf_fixture.h"

namespace snowfield::turf {
namespace {

class FoundDoorTest : public TurfTest {
 protected:
  FoundDoorTest() : editor_(&database_.pool(), 1) {
    StopServing();
    server_ = std::make_unique<tests::TestServer>(
        database_,
        std::vector<std::string>{"snowfield.turf.v1.TurfService", "snowfield.canvass.v1.CanvassService",
                                 "snowfield.canvass.v1.ReviewService"},
        [&](const access::Gate& gate) {
          const base::Clock& clock = base::Clock::System();
          tests::Services services =
              tests::OneService(std::make_unique<TurfService>(gate, &database_.pool(), &editor_));
          services.push_back(std::make_unique<canvass::CanvassService>(gate, &database_.pool(), clock, metrics_));
          services.push_back(std::make_unique<canvass::ReviewService>(
              gate, &database_.pool(), clock, [this](const access::Call& call, const canvass::DoorAside& door) {
                return editor_.PutBack(call, door.cut, door.door, door.edit);
              }));
          return services;
        });
    stub_ = v1::TurfService::NewStub(server_->channel());
    canvass_ = canvass::v1::CanvassService::NewStub(server_->channel());
    review_ = canvass::v1::ReviewService::NewStub(server_->channel());
    cut_ = CutAndPublish().cut_id();
    leader_ = AddMember("leader");
    const int64_t phone =
        Count(absl::StrCat("with o as (insert into phone (campaign_id, member_id) values (", campaign_.campaign.value,
                           ", ", leader_.value, ") returning phone_id) select phone_id from o"));
    phone_ = tests::MakeToken(database_, campaign_.campaign, leader_, base::PhoneId(phone));
  }

  std::string Assign(int turf) {
    v1::AssignTurfsRequest request;
    request.set_leader_id(leader_.value);
    for (const v1::Turf& row : Turfs(cut_)) {
      if (row.number() == turf) request.add_turf_ids(row.turf_id());
    }
    v1::AssignTurfsResponse response;
    EXPECT_TRUE(stub_->AssignTurfs(As().get(), request, &response).ok());
    return response.assignments(0).list_number();
  }
  canvass::v1::DownloadWalkListResponse Fetch(const std::string& list_number) {
    canvass::v1::CheckOutWalkListRequest out;
    out.set_list_number(list_number);
    canvass::v1::CheckOutWalkListResponse ignored;
    grpc::Status status = canvass_->CheckOutWalkList(server_->As(phone_).get(), out, &ignored);
    EXPECT_TRUE(status.ok()) << status.error_message();
    canvass::v1::DownloadWalkListRequest request;
    request.set_list_number(list_number);
    canvass::v1::DownloadWalkListResponse response;
    status = canvass_->DownloadWalkList(server_->As(phone_).get(), request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response;
  }
  // Next to the third door of the list.
  std::string Send(const canvass::v1::DownloadWalkListResponse& list) {
    canvass::v1::SendAdditionsRequest request;
    canvass::v1::Addition& addition = *request.add_additions();
    addition.set_addition_id(base::Uuid::Random().ToString());
    addition.set_list_number(list.list_number());
    *addition.mutable_phone_time() = rpc::ToTimestamp(absl::Now());
    canvass::v1::FoundDoor& door = *addition.mutable_found_door();
    door.set_house_number("9001");
    door.set_street(list.doors(2).street());
    *door.mutable_position() = list.doors(2).position();
    door.mutable_position()->set_longitude(door.position().longitude() + 0.00003);
    addition.add_people()->set_first_name("Noor");
    canvass::v1::SendAdditionsResponse response;
    EXPECT_TRUE(canvass_->SendAdditions(server_->As(phone_).get(), request, &response).ok());
    EXPECT_EQ(response.answers(0).outcome(), canvass::v1::KNOCK_OUTCOME_ACCEPTED) << response.answers(0).message();
    return addition.addition_id();
  }
  canvass::v1::JudgeAdditionResponse Accept(const std::string& addition) {
    canvass::v1::JudgeAdditionRequest request;
    request.set_addition_id(addition);
    request.set_verdict(canvass::v1::VERDICT_ACCEPTED);
    canvass::v1::JudgeAdditionResponse response;
    const grpc::Status status = review_->JudgeAddition(As().get(), request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response;
  }
  // The one change of the list since it was downloaded.
  canvass::v1::Change ChangeSince(const std::string& token) {
    canvass::v1::ListChangesRequest request;
    request.set_change_token(token);
    canvass::v1::ListChangesResponse response;
    EXPECT_TRUE(canvass_->ListChanges(server_->As(phone_).get(), request, &response).ok());
    EXPECT_EQ(response.changes_size(), 1);
    return response.changes_size() == 1 ? response.changes(0) : canvass::v1::Change();
  }

  TurfEditor editor_;
  std::unique_ptr<canvass::v1::CanvassService::Stub> canvass_;
  std::unique_ptr<canvass::v1::ReviewService::Stub> review_;
  int64_t cut_ = 0;
  base::MemberId leader_;
  std::string phone_;
};

TEST_F(FoundDoorTest, IsOnTheListThatReplacesTheOneThatWasWalked) {
  const canvass::v1::DownloadWalkListResponse before = Fetch(Assign(1));
  const std::string addition = Send(before);
  const canvass::v1::JudgeAdditionResponse accepted = Accept(addition);
  EXPECT_EQ(accepted.set_aside_reason(), "");
  EXPECT_EQ(accepted.turf_number(), 1);

  const canvass::v1::Change change = ChangeSince(before.change_token());
  EXPECT_EQ(change.kind(), canvass::v1::CHANGE_KIND_LIST_REVOKED);
  const canvass::v1::DownloadWalkListResponse after = Fetch(change.replaced_by_list_number());
  EXPECT_EQ(after.doors_size(), before.doors_size() + 1);
  ASSERT_EQ(after.came_door_ids_size(), 1);
  EXPECT_EQ(after.came_door_ids(0), accepted.door_id());
  const auto door = std::find_if(after.doors().begin(), after.doors().end(),
                                 [&](const auto& d) { return d.door_id() == accepted.door_id(); });
  ASSERT_NE(door, after.doors().end());
  EXPECT_EQ(door->house_number(), "9001");
  EXPECT_EQ(door->people(0).first_name(), "Noor");
  EXPECT_EQ(
      Count(absl::StrCat(
          "select count(*) from turf t join turf_door d using (campaign_id, turf_id) join door o using (campaign_id, "
          "door_id) join address_point p using (campaign_id, address_point_id) where d.door_id = ",
          accepted.door_id(), " and st_covers(t.area, p.position) and t.live")),
      1)
      << "the turf's ground holds it";

  EXPECT_EQ(Accept(addition).door_id(), accepted.door_id());
  EXPECT_EQ(Count("select count(*) from turf_edit"), 2) << "added and put in, once";
}

// Every board that is in memory, here by the first door, learns of the second.
TEST_F(FoundDoorTest, OneAfterAnotherComesIn) {
  std::string number = Assign(1);
  const int doors = Fetch(number).doors_size();
  for (int i = 1; i <= 3; ++i) {
    canvass::v1::DownloadWalkListResponse list = Fetch(number);
    list.mutable_doors(2)->mutable_position()->set_longitude(list.doors(2).position().longitude() + 0.00002 * i);
    list.mutable_doors(2)->set_street(absl::StrCat(list.doors(2).street(), " ", i));
    EXPECT_EQ(Accept(Send(list)).set_aside_reason(), "");
    number = ChangeSince(list.change_token()).replaced_by_list_number();
    EXPECT_EQ(Fetch(number).doors_size(), doors + i);
  }
}

TEST_F(FoundDoorTest, OfATurfThatHasBeenRecutComesIntoTheTurfThatIsThereNow) {
  const canvass::v1::DownloadWalkListResponse before = Fetch(Assign(1));
  const std::string addition = Send(before);
  const int64_t newer = CutAndPublish(2, 30).cut_id();
  const canvass::v1::JudgeAdditionResponse accepted = Accept(addition);
  EXPECT_EQ(accepted.cut_id(), newer);
  EXPECT_EQ(accepted.set_aside_reason(), "");
  EXPECT_EQ(Count(absl::StrCat("select count(*) from turf_door where live and door_id = ", accepted.door_id())), 1);
}

TEST_F(FoundDoorTest, IsTakenOutAgainByAnUndo) {
  const canvass::v1::DownloadWalkListResponse before = Fetch(Assign(1));
  const canvass::v1::JudgeAdditionResponse accepted = Accept(Send(before));
  v1::UndoEditRequest request;
  request.set_cut_id(cut_);
  request.set_edit_number(2);
  request.set_request_id(base::Uuid::Random().ToString());
  v1::UndoEditResponse response;
  const grpc::Status status = stub_->UndoEdit(As().get(), request, &response);
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(
      Count(absl::StrCat("select count(*) from turf_door where turf_id is null and door_id = ", accepted.door_id())), 1)
      << "set aside, as when it came";
  request.set_edit_number(1);
  request.set_request_id(base::Uuid::Random().ToString());
  EXPECT_FALSE(stub_->UndoEdit(As().get(), request, &response).ok()) << "that it is there can't be undone";
}

}  // namespace
}  // namespace snowfield::turf
