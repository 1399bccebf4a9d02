// What someone held goes on in other hands when they step down or leave: walk lists that are out stay out, and the work
// that knocks gave rise to has an owner.
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "services/organizing/organizing_service.h"
#include "snowfield/organizing/v1/organizing.grpc.pb.h"
#include "tests/services/canvass/field.h"
#include "tests/support/test_server.h"

namespace snowfield::organizing {
namespace {

class HandoverTest : public ::testing::Test {
 protected:
  HandoverTest()
      : server_(field_.database, {"snowfield.organizing.v1.OrganizingService"},
                [&](const access::Gate& gate) {
                  return tests::OneService(std::make_unique<OrganizingService>(gate, &field_.database.pool()));
                }),
        stub_(v1::OrganizingService::NewStub(server_.channel())) {
    field_.CheckOut(field_.phone);
    field_.Send({field_.AskKnock(0, canvass::v1::ASK_KIND_VOLUNTEER, canvass::v1::ASK_ANSWER_YES)});
  }
  int64_t ListsOf(base::MemberId member) {
    return field_.Count(
        absl::StrCat("select count(*) from walk_list where revoke_time is null and leader_id = ", member.value));
  }
  int64_t WorkOf(base::MemberId member) {
    return field_.Count(
        absl::StrCat("select count(*) from follow_up where state = 'open' and owner_id = ", member.value));
  }

  tests::Field field_;
  tests::TestServer server_;
  std::unique_ptr<v1::OrganizingService::Stub> stub_;
};

TEST_F(HandoverTest, ListsAndFollowUpsGoToTheLeaderAboveAndPhonesKeepWhatTheyHaveOut) {
  ASSERT_EQ(ListsOf(field_.leader), 1);
  ASSERT_EQ(WorkOf(field_.leader), 1);
  v1::StepDownRequest request;
  request.set_member_id(field_.leader.value);
  v1::StepDownResponse response;
  for (const bool preview : {true, false}) {
    request.set_validate_only(preview);
    const grpc::Status status = stub_->StepDown(server_.As(field_.campaign.owner_token).get(), request, &response);
    ASSERT_TRUE(status.ok()) << status.error_message();
    EXPECT_EQ(response.change().handover().to_member_id(), field_.campaign.owner.value);
    EXPECT_EQ(response.change().handover().walk_lists(), 1);
    EXPECT_EQ(response.change().handover().follow_ups(), 1);
    EXPECT_EQ(ListsOf(field_.leader), preview ? 1 : 0);
  }
  EXPECT_EQ(ListsOf(field_.campaign.owner), 1);
  EXPECT_EQ(WorkOf(field_.campaign.owner), 1);
  const auto answers = field_.Send({field_.Knock(1)});
  EXPECT_EQ(answers[0].outcome(), canvass::v1::KNOCK_OUTCOME_ACCEPTED);
  EXPECT_EQ(answers[0].flags_size(), 0) << "the list is as good as before";
}

TEST_F(HandoverTest, ANamedSuccessorGetsThemAlsoWhenTheLeaderLeaves) {
  v1::RemoveMemberRequest request;
  request.set_member_id(field_.leader.value);
  request.set_successor_id(field_.other_leader.value);
  v1::RemoveMemberResponse response;
  const grpc::Status status = stub_->RemoveMember(server_.As(field_.campaign.owner_token).get(), request, &response);
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(ListsOf(field_.other_leader), 2);
  EXPECT_EQ(WorkOf(field_.other_leader), 1);
  EXPECT_EQ(ListsOf(field_.leader) + WorkOf(field_.leader), 0);
  const auto answers = field_.Send({field_.Knock(2)});
  EXPECT_EQ(answers[0].outcome(), canvass::v1::KNOCK_OUTCOME_ACCEPTED) << "the canvasser goes on under the successor";
}

}  // namespace
}  // namespace snowfield::organizing
