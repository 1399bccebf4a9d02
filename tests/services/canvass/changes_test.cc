#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "db/store/change_store.h"
#include "services/canvass/change_token.h"
#include "tests/services/canvass/field.h"

namespace snowfield::tests {
namespace {
using namespace canvass::v1;  // NOLINT(google-build-using-namespace): a test speaks the wire's language

class Changes : public testing::Test {
 protected:
  grpc::Status Read(const std::string& token, ListChangesResponse* response, int page_size = 0,
                    const std::string& phone = "") {
    ListChangesRequest request;
    request.set_change_token(token);
    request.set_page_size(page_size);
    return field_.canvass().ListChanges(field_.As(phone.empty() ? field_.phone : phone).get(), request, response);
  }
  std::string DownloadToken(int list) {
    DownloadWalkListRequest request;
    request.set_list_number(field_.lists[list - 1]);
    DownloadWalkListResponse response;
    const grpc::Status status = field_.canvass().DownloadWalkList(field_.As(field_.phone).get(), request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response.change_token();
  }

  Field field_;
};

TEST_F(Changes, TellsWhatTeamMatesFound) {
  const std::string mate = field_.MakePhone(field_.leader);
  field_.CheckOut(field_.phone);
  field_.CheckOut(mate);
  const std::string token = DownloadToken(1);
  Knock knock = field_.Knock(3);
  knock.set_result(KNOCK_RESULT_REFUSED);
  field_.Send({knock}, mate);
  ListChangesResponse response;
  ASSERT_TRUE(Read(token, &response).ok());
  ASSERT_EQ(response.changes_size(), 1);
  EXPECT_EQ(response.changes(0).kind(), CHANGE_KIND_KNOCK);
  EXPECT_EQ(response.changes(0).list_number(), field_.lists[0]);
  EXPECT_EQ(response.changes(0).door_id(), field_.doors[3]);
  EXPECT_EQ(response.changes(0).result(), KNOCK_RESULT_REFUSED);
  EXPECT_EQ(response.changes(0).knock_time().seconds(), knock.phone_time().seconds());
  ASSERT_TRUE(Read(response.change_token(), &response).ok());
  EXPECT_EQ(response.changes_size(), 0);
  EXPECT_FALSE(response.more());
}

TEST_F(Changes, AreOfTheListsThatThePhoneHas) {
  field_.CheckOut(field_.phone);
  field_.CheckOut(field_.other_phone, 2);
  field_.Send({field_.Knock(7)}, field_.other_phone);
  ListChangesResponse response;
  ASSERT_TRUE(Read("", &response).ok());
  EXPECT_EQ(response.changes_size(), 0);
  ASSERT_TRUE(Read("", &response, 0, field_.other_phone).ok());
  EXPECT_EQ(response.changes_size(), 1);
}

TEST_F(Changes, GoOnPageByPage) {
  field_.CheckOut(field_.phone);
  field_.Send({field_.Knock(0), field_.Knock(1), field_.Knock(2), field_.Knock(3), field_.Knock(4)});
  std::string token;
  std::vector<int64_t> doors;
  ListChangesResponse response;
  do {
    ASSERT_TRUE(Read(token, &response, 2).ok());
    EXPECT_LE(response.changes_size(), 2);
    for (const Change& change : response.changes()) doors.push_back(change.door_id());
    token = response.change_token();
  } while (response.more());
  EXPECT_EQ(doors, std::vector<int64_t>(field_.doors.begin(), field_.doors.begin() + 5));
  EXPECT_EQ(Read(token, &response, -1).error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(FieldOf(Read(token, &response, 1001)), "page_size");
}

// A phone that takes out a second list must not skip what happened on the first.
TEST_F(Changes, ATokenOfADownloadSpeaksForItsListOnly) {
  field_.Execute(absl::StrCat("update walk_list set leader_id = ", field_.leader.value));
  field_.CheckOut(field_.phone, 1);
  const std::string first = DownloadToken(1);
  field_.Send({field_.Knock(0)});
  field_.CheckOut(field_.phone, 2);
  const std::string second = DownloadToken(2);
  field_.Send({field_.Knock(7)});
  ListChangesResponse response;
  ASSERT_TRUE(Read(second, &response).ok());
  ASSERT_EQ(response.changes_size(), 1);
  EXPECT_EQ(response.changes(0).door_id(), field_.doors[7]);
  ASSERT_TRUE(Read(first, &response).ok());
  ASSERT_EQ(response.changes_size(), 1);
  EXPECT_EQ(response.changes(0).door_id(), field_.doors[0]);
  ASSERT_TRUE(Read("", &response).ok());
  EXPECT_EQ(response.changes_size(), 2);
}

TEST_F(Changes, SayWhomADoNotContactIsAbout) {
  field_.CheckOut(field_.phone);
  Knock household = field_.Knock(0);
  household.set_result(KNOCK_RESULT_DO_NOT_CONTACT);
  Knock person = field_.AskKnock(1, ASK_KIND_DONATE, ASK_ANSWER_NO);
  person.set_result(KNOCK_RESULT_DO_NOT_CONTACT);
  field_.Send({household, person});
  ListChangesResponse response;
  ASSERT_TRUE(Read("", &response).ok());
  std::vector<Change> stops;
  for (const Change& change : response.changes()) {
    if (change.kind() == CHANGE_KIND_DO_NOT_CONTACT) stops.push_back(change);
  }
  ASSERT_EQ(stops.size(), 2u);
  EXPECT_EQ(stops[0].door_id(), field_.doors[0]);
  EXPECT_EQ(stops[0].person_ids_size(), 0);
  EXPECT_EQ(stops[1].door_id(), field_.doors[1]);
  ASSERT_EQ(stops[1].person_ids_size(), 1);
  EXPECT_EQ(stops[1].person_ids(0), field_.people[2]);
}

TEST_F(Changes, TellThePhoneOfARevokedList) {
  field_.CheckOut(field_.phone);
  const int64_t list_id =
      field_.Count(absl::StrCat("select walk_list_id from walk_list where list_number = '", field_.lists[0], "'"));
  auto transaction = field_.database.pool().Begin({.campaign = field_.campaign.campaign});
  ASSERT_TRUE(transaction.ok());
  ASSERT_TRUE(
      db::AppendChanges(*transaction, {{.kind = db::ChangeKind::kListRevoked, .walk_list = base::WalkListId(list_id)}})
          .ok());
  ASSERT_TRUE(transaction->Commit().ok());
  ListChangesResponse response;
  ASSERT_TRUE(Read("", &response).ok());
  ASSERT_EQ(response.changes_size(), 1);
  EXPECT_EQ(response.changes(0).kind(), CHANGE_KIND_LIST_REVOKED);
  EXPECT_EQ(response.changes(0).list_number(), field_.lists[0]);
}

// A late knock for a list that was replaced shows on the one that took its place.
TEST_F(Changes, OfALateKnockReachTheListThatTookOver) {
  field_.CheckOut(field_.phone);
  field_.Execute(absl::StrCat("update walk_list set revoke_time = now() where list_number = '", field_.lists[0], "'"));
  field_.Execute(absl::StrCat(
      "insert into walk_list (campaign_id, turf_id, leader_id, list_number) select campaign_id, turf_id, ",
      field_.other_leader.value, ", '00000000' from walk_list where list_number = '", field_.lists[0], "'"));
  field_.Execute(
      absl::StrCat("insert into checkout (campaign_id, walk_list_id, phone_id, expire_time) select "
                   "w.campaign_id, w.walk_list_id, p.phone_id, now() + interval '1 hour' from walk_list w, "
                   "phone p where w.list_number = '00000000' and p.member_id = ",
                   field_.other_canvasser.value));
  field_.Send({field_.Knock(0)});
  ListChangesResponse response;
  ASSERT_TRUE(Read("", &response, 0, field_.other_phone).ok());
  ASSERT_EQ(response.changes_size(), 1);
  EXPECT_EQ(response.changes(0).list_number(), "00000000");
  EXPECT_EQ(response.changes(0).door_id(), field_.doors[0]);
}

TEST_F(Changes, RefuseATokenOfAnotherCampaign) {
  ListChangesResponse response;
  const grpc::Status status =
      Read(canvass::WriteChangeToken({.campaign = base::CampaignId(field_.campaign.campaign.value + 1), .after = 0}),
           &response);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(ReasonOf(status), "CHANGE_TOKEN_INVALID");
  EXPECT_EQ(FieldOf(status), "change_token");
}

}  // namespace
}  // namespace snowfield::tests
