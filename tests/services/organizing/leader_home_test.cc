// A leader's home: one small answer that says what the team did and what is to be done.
#include "services/organizing/leader_home.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "db/pg/run_in_transaction.h"
#include "services/organizing/fold_tallies.h"
#include "services/organizing/organizing_service.h"
#include "snowfield/organizing/v1/organizing.grpc.pb.h"
#include "tests/services/canvass/field.h"
#include "tests/support/test_server.h"

namespace snowfield::organizing {
namespace {

class LeaderHomeTest : public ::testing::Test {
 protected:
  LeaderHomeTest()
      : server_(field_.database, {"snowfield.organizing.v1.OrganizingService"},
                [&](const access::Gate& gate) {
                  return tests::OneService(
                      std::make_unique<OrganizingService>(gate, &field_.database.pool(), field_.clock));
                }),
        stub_(v1::OrganizingService::NewStub(server_.channel())) {
    field_.CheckOut(field_.phone);
  }
  void Fold() {
    const auto folded =
        db::RunInTransaction(field_.database.pool(), {.campaign = field_.campaign.campaign},
                             [&](db::Transaction& transaction) { return FoldTallies(transaction, absl::Now()); });
    ASSERT_TRUE(folded.ok()) << folded.status();
  }
  v1::GetLeaderHomeResponse Home(const std::string& if_none_match = "") {
    v1::GetLeaderHomeRequest request;
    request.set_if_none_match(if_none_match);
    v1::GetLeaderHomeResponse response;
    const grpc::Status status = stub_->GetLeaderHome(server_.As(field_.leader_token).get(), request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response;
  }

  tests::Field field_;
  tests::TestServer server_;
  std::unique_ptr<v1::OrganizingService::Stub> stub_;
};

TEST_F(LeaderHomeTest, ShowsWhatEachDidWhatIsDueAndHowFarTheListsAre) {
  field_.Send({field_.AskKnock(0, canvass::v1::ASK_KIND_VOLUNTEER, canvass::v1::ASK_ANSWER_YES), field_.Knock(1),
               field_.Knock(1)});
  Fold();
  const v1::LeaderHome home = Home().home();
  EXPECT_EQ(home.member_id(), field_.leader.value);
  ASSERT_EQ(home.team_size(), 1);
  EXPECT_EQ(home.team(0).member_id(), field_.canvasser.value);
  EXPECT_EQ(home.team(0).last_shift().doors(), 3);
  EXPECT_EQ(home.team(0).last_shift().contacts(), 1);
  EXPECT_EQ(home.team(0).recent_doors(), 3);
  EXPECT_EQ(home.branch().doors(), 3);
  EXPECT_EQ(home.work().open(), 1);
  EXPECT_EQ(home.work().overdue(), 0);
  ASSERT_EQ(home.work().next_size(), 1);
  EXPECT_EQ(home.work().next(0).queue(), "volunteer");
  ASSERT_EQ(home.lists_size(), 1);
  EXPECT_EQ(home.lists(0).list_number(), field_.lists[0]);
  EXPECT_EQ(home.lists(0).doors(), 6);
  EXPECT_EQ(home.lists(0).doors_done(), 2);
  EXPECT_EQ(home.lists(0).phones_out(), 1);
  field_.clock.Advance(absl::Hours(72));
  EXPECT_EQ(Home().home().work().overdue(), 1);
}

TEST_F(LeaderHomeTest, AnUnchangedHomeCostsAFewBytes) {
  const auto first = Home();
  EXPECT_TRUE(first.has_home());
  const auto again = Home(first.etag());
  EXPECT_TRUE(again.not_modified());
  EXPECT_FALSE(again.has_home());
  EXPECT_LT(again.ByteSizeLong(), 30U);
  field_.Send({field_.Knock(0)});
  EXPECT_TRUE(Home(first.etag()).has_home()) << "a list is further";
}

TEST_F(LeaderHomeTest, FitsInTenKilobytesWhateverTheNamesAre) {
  std::string name;
  for (int i = 0; i < 200; ++i) name += "𝕏";  // four bytes each
  const std::string c = absl::StrCat(field_.campaign.campaign.value);
  field_.Execute(
      absl::StrCat("insert into campaign_slot (campaign_id, slot) select ", c, ", s from generate_series(9, 12) s"));
  field_.Execute(
      absl::StrCat("insert into member (campaign_id, display_name, role, leader_id, leader_depth, slot, depth) select ",
                   c, ", '", name, "', 'leader', ", field_.leader.value, ", 1, s, 2 from generate_series(2, 12) s"));
  field_.Execute(absl::StrCat("insert into member_day select ", c,
                              ", member_id, current_date, 1000000, 1000000, 0, 0, now() - interval '9 hours', now() "
                              "from member"));
  field_.Execute(absl::StrCat(
      "with t as (insert into turf (campaign_id, cut_id, pass_id, number, door_count, walk_length_m, area, walk) "
      "select ",
      c,
      ", cut_id, pass_id, 1000000 + s, 1000000, 1, area, walk from turf, generate_series(1, 40) s where number = 1 "
      "returning turf_id, number) insert into walk_list (campaign_id, turf_id, leader_id, list_number) select ",
      c, ", turf_id, ", field_.leader.value, ", 20000000 + number from t"));
  for (int i = 0; i < 6; ++i)
    field_.Send({field_.AskKnock(i, canvass::v1::ASK_KIND_VOLUNTEER, canvass::v1::ASK_ANSWER_YES)});
  field_.Execute(absl::StrCat("insert into training_module (campaign_id, code, name) values (", c, ", '",
                              std::string(40, 'm'), "', 'x')"));
  field_.Execute(
      absl::StrCat("insert into member_training (campaign_id, member_id, code, complete_time, expire_time) select ", c,
                   ", member_id, '", std::string(40, 'm'), "', now(), now() + interval '1 day' from member"));
  field_.Execute(absl::StrCat("insert into proposal (campaign_id, kind, subject_id, evidence) select ", c,
                              ", 'lead', member_id, '{}' from member"));
  field_.Execute(absl::StrCat(
      "insert into meeting (campaign_id, kind, title, host_id, start_time, end_time, time_zone, capacity, update_time, "
      "request_id) values (",
      c, ", 'event', '", name, "', ", field_.leader.value, ", now() + interval '1 hour', now() + interval '2 hours', '",
      std::string(60, 'z'), "', 500, now(), gen_random_uuid())"));
  const auto response = Home();
  EXPECT_EQ(response.home().expiring_trainings_size(), kHomeTrainingsMax);
  EXPECT_EQ(response.home().proposals_size(), kHomeProposalsMax);
  EXPECT_TRUE(response.home().has_next_meeting());
  EXPECT_EQ(response.home().team_size(), 12);
  EXPECT_EQ(response.home().lists_size(), kHomeListsMax);
  EXPECT_EQ(response.home().list_count(), 41);
  EXPECT_LE(response.ByteSizeLong(), static_cast<size_t>(kHomeBytesMax));
}

TEST_F(LeaderHomeTest, AnotherLeadersHomeIsNotShown) {
  v1::GetLeaderHomeRequest request;
  request.set_member_id(field_.other_leader.value);
  v1::GetLeaderHomeResponse response;
  EXPECT_EQ(tests::ReasonOf(stub_->GetLeaderHome(server_.As(field_.leader_token).get(), request, &response)),
            "NOT_YOUR_BRANCH");
  request.set_member_id(4242);
  EXPECT_EQ(tests::FieldOf(stub_->GetLeaderHome(server_.As(field_.campaign.owner_token).get(), request, &response)),
            "member_id");
}

}  // namespace
}  // namespace snowfield::organizing
