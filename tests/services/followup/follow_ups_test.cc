#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/services/canvass/field.h"

namespace snowfield::tests {
namespace {
using namespace followup::v1;  // NOLINT(google-build-using-namespace): a test speaks the wire's language
using canvass::v1::ASK_ANSWER_YES;
using canvass::v1::ASK_KIND_HOST_MEETING;
using canvass::v1::ASK_KIND_VOLUNTEER;
using canvass::v1::ASK_KIND_YARD_SIGN;

class FollowUps : public testing::Test {
 protected:
  FollowUps() {
    field_.CheckOut(field_.phone);
    field_.CheckOut(field_.other_phone, 2);
    field_.Send({field_.AskKnock(0, ASK_KIND_YARD_SIGN, ASK_ANSWER_YES),
                 field_.AskKnock(1, ASK_KIND_VOLUNTEER, ASK_ANSWER_YES),
                 field_.AskKnock(2, ASK_KIND_HOST_MEETING, ASK_ANSWER_YES)});
    field_.Send({field_.AskKnock(7, ASK_KIND_VOLUNTEER, ASK_ANSWER_YES)}, field_.other_phone);
  }

  grpc::Status List(const std::string& token, const ListFollowUpsRequest& request, ListFollowUpsResponse* response) {
    return field_.followup().ListFollowUps(field_.As(token).get(), request, response);
  }
  std::vector<FollowUp> ListOf(const std::string& token, int64_t owner_id) {
    ListFollowUpsRequest request;
    request.set_owner_id(owner_id);
    ListFollowUpsResponse response;
    const grpc::Status status = List(token, request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return {response.follow_ups().begin(), response.follow_ups().end()};
  }
  grpc::Status Complete(const std::string& token, int64_t id, FollowUpOutcome outcome,
                        CompleteFollowUpResponse* response) {
    CompleteFollowUpRequest request;
    request.set_follow_up_id(id);
    request.set_outcome(outcome);
    return field_.followup().CompleteFollowUp(field_.As(token).get(), request, response);
  }

  Field field_;
};

TEST_F(FollowUps, ListsOnesOwnInDueOrder) {
  const std::vector<FollowUp> mine = ListOf(field_.leader_token, 0);
  ASSERT_EQ(mine.size(), 3u);
  EXPECT_TRUE(std::is_sorted(mine.begin(), mine.end(), [](const FollowUp& a, const FollowUp& b) {
    return a.due_time().seconds() < b.due_time().seconds();
  }));
  EXPECT_EQ(mine[2].queue(), "yard_sign");
  const auto volunteer =
      std::find_if(mine.begin(), mine.end(), [](const FollowUp& f) { return f.queue() == "volunteer"; });
  ASSERT_NE(volunteer, mine.end());
  EXPECT_EQ(volunteer->rule_name(), "volunteer: yes");
  EXPECT_EQ(volunteer->state(), FOLLOW_UP_STATE_OPEN);
  EXPECT_EQ(volunteer->owner_id(), field_.leader.value);
  EXPECT_EQ(volunteer->door_id(), field_.doors[1]);
  EXPECT_EQ(volunteer->person_id(), field_.people[2]);
  EXPECT_EQ(volunteer->person_name(), "First0 Last1");
  EXPECT_EQ(volunteer->phone_number(), "555-0110");
  EXPECT_EQ(volunteer->address(), "102 Elm Street, Hollow");
  EXPECT_EQ(volunteer->outcome(), FOLLOW_UP_OUTCOME_UNSPECIFIED);
}

TEST_F(FollowUps, ShowsALeaderTheirBranchAndADirectorAll) {
  EXPECT_EQ(ListOf(field_.leader_token, -1).size(), 3u);
  EXPECT_EQ(ListOf(field_.other_leader_token, -1).size(), 1u);
  EXPECT_EQ(ListOf(field_.campaign.owner_token, -1).size(), 4u);
  EXPECT_EQ(ListOf(field_.campaign.owner_token, field_.other_leader.value).size(), 1u);
  EXPECT_EQ(ListOf(field_.campaign.owner_token, 0).size(), 0u);
  EXPECT_EQ(ListOf(field_.leader_token, field_.canvasser.value).size(), 0u);
  field_.Execute(
      absl::StrCat("update follow_up set owner_id = ", field_.canvasser.value, " where queue = 'yard_sign'"));
  EXPECT_EQ(ListOf(field_.leader_token, field_.canvasser.value).size(), 1u);
  EXPECT_EQ(ListOf(field_.leader_token, -1).size(), 3u);
  ListFollowUpsRequest request;
  request.set_owner_id(field_.other_leader.value);
  ListFollowUpsResponse response;
  const grpc::Status status = List(field_.leader_token, request, &response);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::PERMISSION_DENIED);
  EXPECT_EQ(ReasonOf(status), "NOT_YOUR_BRANCH");
  EXPECT_EQ(List(field_.phone, {}, &response).error_code(), grpc::StatusCode::PERMISSION_DENIED);
}

TEST_F(FollowUps, PagesWithoutLossAlsoWhereManyAreDueAtOnce) {
  field_.Execute("update follow_up set due_time = date_trunc('hour', now())");
  std::set<int64_t> seen;
  ListFollowUpsRequest request;
  request.set_owner_id(-1);
  request.set_page_size(1);
  int pages = 0;
  do {
    ListFollowUpsResponse response;
    ASSERT_TRUE(List(field_.campaign.owner_token, request, &response).ok());
    for (const FollowUp& item : response.follow_ups()) seen.insert(item.follow_up_id());
    request.set_page_token(response.next_page_token());
    ++pages;
  } while (!request.page_token().empty() && pages < 10);
  EXPECT_EQ(seen.size(), 4u);
  EXPECT_EQ(pages, 4);
}

TEST_F(FollowUps, ListsByQueueAndState) {
  ListFollowUpsRequest request;
  request.set_owner_id(-1);
  request.set_queue("volunteer");
  ListFollowUpsResponse response;
  ASSERT_TRUE(List(field_.campaign.owner_token, request, &response).ok());
  EXPECT_EQ(response.follow_ups_size(), 2);
  request.set_state(FOLLOW_UP_STATE_DONE);
  ASSERT_TRUE(List(field_.campaign.owner_token, request, &response).ok());
  EXPECT_EQ(response.follow_ups_size(), 0);
  request.set_state(static_cast<FollowUpState>(77));
  EXPECT_EQ(FieldOf(List(field_.campaign.owner_token, request, &response)), "state");
  request.clear_state();
  request.set_owner_id(-2);
  EXPECT_EQ(FieldOf(List(field_.campaign.owner_token, request, &response)), "owner_id");
}

TEST_F(FollowUps, CompletesOnce) {
  const int64_t id = ListOf(field_.leader_token, 0)[0].follow_up_id();
  CompleteFollowUpResponse response;
  const grpc::Status status = Complete(field_.leader_token, id, FOLLOW_UP_OUTCOME_SAID_YES, &response);
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(response.follow_up().state(), FOLLOW_UP_STATE_DONE);
  EXPECT_EQ(response.follow_up().outcome(), FOLLOW_UP_OUTCOME_SAID_YES);
  EXPECT_TRUE(Complete(field_.leader_token, id, FOLLOW_UP_OUTCOME_SAID_YES, &response).ok());
  const grpc::Status other = Complete(field_.leader_token, id, FOLLOW_UP_OUTCOME_SAID_NO, &response);
  EXPECT_EQ(other.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_EQ(ReasonOf(other), "ALREADY_COMPLETED");
  EXPECT_EQ(ListOf(field_.leader_token, 0).size(), 2u);
  EXPECT_EQ(field_.Count("select count(*) from audit_log where action = 'follow_up.complete'"), 1);
  EXPECT_EQ(field_.Count(absl::StrCat("select count(*) from follow_up where state = 'done' and completed_by = ",
                                      field_.leader.value)),
            1);
}

TEST_F(FollowUps, IsCompletedByTheOwnerOrSomeoneAbove) {
  const std::vector<FollowUp> mine = ListOf(field_.leader_token, 0);
  CompleteFollowUpResponse response;
  const grpc::Status status =
      Complete(field_.other_leader_token, mine[0].follow_up_id(), FOLLOW_UP_OUTCOME_REACHED, &response);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::PERMISSION_DENIED);
  EXPECT_EQ(ReasonOf(status), "NOT_YOUR_FOLLOW_UP");
  EXPECT_TRUE(Complete(field_.campaign.owner_token, mine[0].follow_up_id(), FOLLOW_UP_OUTCOME_REACHED, &response).ok());
  field_.Execute(absl::StrCat("update follow_up set owner_id = ", field_.canvasser.value,
                              " where follow_up_id = ", mine[1].follow_up_id()));
  EXPECT_TRUE(Complete(field_.leader_token, mine[1].follow_up_id(), FOLLOW_UP_OUTCOME_REACHED, &response).ok());
}

TEST_F(FollowUps, RefusesWhatCannotBeCompleted) {
  const int64_t id = ListOf(field_.leader_token, 0)[0].follow_up_id();
  CompleteFollowUpResponse response;
  EXPECT_EQ(FieldOf(Complete(field_.leader_token, id, FOLLOW_UP_OUTCOME_UNSPECIFIED, &response)), "outcome");
  EXPECT_EQ(Complete(field_.leader_token, id + 1000, FOLLOW_UP_OUTCOME_REACHED, &response).error_code(),
            grpc::StatusCode::NOT_FOUND);
  canvass::v1::Knock stop = field_.Knock(1);
  stop.set_result(canvass::v1::KNOCK_RESULT_DO_NOT_CONTACT);
  field_.Send({stop});
  const int64_t dropped = field_.Count("select follow_up_id from follow_up where state = 'dropped'");
  EXPECT_EQ(ReasonOf(Complete(field_.leader_token, dropped, FOLLOW_UP_OUTCOME_REACHED, &response)),
            "FOLLOW_UP_DROPPED");
  ListFollowUpsRequest request;
  request.set_state(FOLLOW_UP_STATE_DROPPED);
  ListFollowUpsResponse all;
  ASSERT_TRUE(field_.followup().ListFollowUps(field_.As(field_.leader_token).get(), request, &all).ok());
  ASSERT_GE(all.follow_ups_size(), 1);
  EXPECT_EQ(all.follow_ups(0).drop_reason(), "DO_NOT_CONTACT");
}

TEST_F(FollowUps, OfSixteenAtOnceWithDifferentOutcomesOneCompletesIt) {
  const int64_t id = ListOf(field_.leader_token, 0)[0].follow_up_id();
  std::atomic<int> completed = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 16; ++i) {
    threads.emplace_back([&, i] {
      CompleteFollowUpResponse response;
      // The two halves say different things; only one of the halves may be told yes.
      const auto outcome = i % 2 == 0 ? FOLLOW_UP_OUTCOME_SAID_YES : FOLLOW_UP_OUTCOME_SAID_NO;
      if (Complete(field_.leader_token, id, outcome, &response).ok()) ++completed;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(completed, 8);
  EXPECT_EQ(field_.Count("select count(*) from audit_log where action = 'follow_up.complete'"), 1);
}

TEST_F(FollowUps, ListsTheDefaultRulesInWords) {
  ListRulesRequest request;
  request.set_page_size(4);
  std::vector<Rule> rules;
  do {
    ListRulesResponse response;
    ASSERT_TRUE(field_.followup().ListRules(field_.As(field_.leader_token).get(), request, &response).ok());
    rules.insert(rules.end(), response.rules().begin(), response.rules().end());
    request.set_page_token(response.next_page_token());
  } while (!request.page_token().empty());
  ASSERT_EQ(rules.size(), 11u);
  EXPECT_EQ(rules[0].name(), "volunteer: yes");
  EXPECT_EQ(rules[0].when(), "volunteer is answered yes");
  EXPECT_EQ(rules[0].due_after().seconds(), 48 * 3600);
  for (const Rule& rule : rules) {
    EXPECT_FALSE(rule.when().empty()) << rule.name();
    EXPECT_TRUE(rule.enabled());
  }
}

}  // namespace
}  // namespace snowfield::tests
